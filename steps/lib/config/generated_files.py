"""The files one step leaves for the next in GENERATED_DIRECTORY, and for people in the artifact of the run."""
from __future__ import annotations

import json
import os
from pathlib import Path

from steps.lib.json_files.json_reader import Json

CLUSTER_FILE = "cluster_config.json"
LIBRARIES_FILE = "libraries.json"
ACCESS_FILE = "access_control_list.json"


def write(directory: Path, name: str, content: Json) -> Path:
    """Write `content` as readable JSON, whole or not at all; makes the folder if it is absent."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    unfinished = directory / f".{name}.{os.getpid()}"
    unfinished.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    unfinished.replace(path)
    return path
