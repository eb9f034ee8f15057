"""Every environment of `environment_config.json` has the same keys, so that code which ran in one runs in the next."""
from __future__ import annotations

from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import names


def environment_findings(document: Document) -> list[Finding]:
    """One finding for each key that some environments lack, where another has it."""
    written = {one.value: dict.fromkeys(_keys(document.get((one.value,)), ())) for one in TargetEnvironment
               if isinstance(document.get((one.value,)), dict)}
    everywhere = dict.fromkeys(key for keys in written.values() for key in keys)
    return sorted(_finding(document, written, key) for key in everywhere
                  if any(key not in keys and (not key[:-1] or key[:-1] in keys) for keys in written.values()))


def _keys(value: Json, path: JsonPath) -> list[JsonPath]:
    if not isinstance(value, dict):
        return []
    return [found for key in value for found in ((*path, key), *_keys(value[key], (*path, key)))]


def _finding(document: Document, written: dict[str, dict[JsonPath, None]], key: JsonPath) -> Finding:
    lacking = [name for name, keys in written.items() if key not in keys]
    having = next(name for name, keys in written.items() if key in keys)
    problem = f"missing in {names(lacking)}, expected the same keys in every environment"
    return document.finding((having, *key), f"{problem}; add it there or remove it here")
