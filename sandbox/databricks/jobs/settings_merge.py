"""jobs/update: new settings merged into old ones, and fields removed by name."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import FLAT_FIELDS, Settings

# Lists whose entries are known by a key are merged entry by entry; everything else is replaced as a whole.
_KEYED = {"tasks": "task_key", "job_clusters": "job_cluster_key"}
_NEVER_REMOVED = {"name", "format", "tasks/", "job_clusters/"}


def merged(old: Settings, new: Settings, remove: list[str]) -> Settings:
    """`remove` names top-level fields, or single entries as in `tasks/train`; unknown ones are ignored."""
    settings = dict(old)
    if "tasks" in new:
        settings = {name: value for name, value in settings.items() if name not in FLAT_FIELDS}
    for name, value in new.items():
        settings[name] = _merged_list(settings.get(name, []), value, _KEYED[name]) if name in _KEYED else value
    for path in remove:
        _remove(settings, path)
    return settings


def _merged_list(old: list[dict[str, Any]], new: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    replaced = {entry.get(key): entry for entry in new}
    kept = [replaced.pop(entry.get(key), entry) for entry in old]
    return [*kept, *replaced.values()]


def _remove(settings: Settings, path: str) -> None:
    name, slash, entry = path.partition("/")
    if path in _NEVER_REMOVED or "." in name:
        refuse(f"fields_to_remove: {path!r} cannot be removed")
    if not slash:
        settings.pop(name, None)
    elif name in _KEYED:
        settings[name] = [row for row in settings.get(name, []) if row.get(_KEYED[name]) != entry]
    else:
        refuse(f"fields_to_remove: only tasks and job_clusters have entries, got {path!r}")
