"""A document without what is known to be wrong in it, so that the rest can be judged; places stay as they were."""
from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace

from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document


def without(document: Document, paths: Iterable[JsonPath]) -> Document:
    """A copy in which keys at `paths` are gone and list items are null. Of a top that is no object `{}` is left."""
    data = copy.deepcopy(document.data) if isinstance(document.data, dict) else {}
    for path in paths:
        if path:
            _remove(data, path)
    return replace(document, data=data)


def _remove(data: Json, path: JsonPath) -> None:
    for step in path[:-1]:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    last = path[-1]
    if isinstance(data, dict):
        data.pop(str(last), None)
    elif isinstance(data, list) and isinstance(last, int):
        data[last] = None
