"""Documents as the steps read them, written in a test as plain data: one key or item a line."""
from __future__ import annotations

import json
from typing import Any

from steps.lib.json_files.located_json import Document, parse

PRODUCT = "cluster_and_libraries_config.json"


def document(data: Any, file: str = PRODUCT) -> Document:
    return parse(json.dumps(data, indent=1), file)


def team_file(name: str, data: Any) -> Document:
    return document(data, f"teams/data_science/{name}.json")
