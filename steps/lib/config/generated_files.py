"""The files one step leaves for the next in GENERATED_DIRECTORY, and for people in the artifact of the run."""
from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from steps.lib.json_files.json_reader import Json

CLUSTER_FILE = "cluster_config.json"
LIBRARIES_FILE = "libraries.json"
ACCESS_FILE = "access_control_list.json"
JOB_CLUSTERS_FILE = "job_clusters.json"
JOB_LIBRARIES_FILE = "job_libraries.json"
JOBS_FOLDER = "jobs"


def write(directory: Path, name: str, content: Json) -> Path:
    """Write `content` as readable JSON, whole or not at all; makes the folder if it is absent."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    unfinished = directory / f".{name}.{os.getpid()}"
    unfinished.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
    unfinished.replace(path)
    return path


def remove(directory: Path, names: Iterable[str]) -> None:
    """Remove what an earlier run of a step left and this one has no content for."""
    for name in names:
        (directory / name).unlink(missing_ok=True)
