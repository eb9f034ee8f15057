"""Does a job differ from what is wanted? Exact: a false alarm would write to every job with every deployment."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.cluster import difference as cluster_difference
from steps.lib.config.generated_files import JOB_CLUSTERS_FILE, JOB_LIBRARIES_FILE
from steps.lib.config.provenance import Origin, SetValue
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_form import Path, leaves_of
from steps.lib.wording import quoted

_SECRET_NAME = re.compile(r"key|secret|token|password|credential|\bsas\b", re.IGNORECASE)
_NAMED_VALUES = ("parameters", "base_parameters", "named_parameters")
# The service gives a cluster of a job that names no access mode one of these.
_FILLED_IN_MODES = ("SINGLE_USER", "LEGACY_SINGLE_USER_STANDARD", "NONE")
_NOBODY = "nobody sets it any more"

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class SettingChange:
    """One value a reset would change, worded for people, and who wants it so."""

    path: str
    text: str
    set_by: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text} ({self.set_by})"


def differences(desired: Settings, found: FoundJob, values: tuple[SetValue, ...] = ()) -> list[SettingChange]:
    """What a reset to `desired`, a body for jobs/create, would change; `values` say who set what in it."""
    origins = _Origins(desired, values)
    changes = [*_of_values(desired, found.settings, origins), *_of_clusters(desired, found.settings),
               *_of_run_as(desired, found, origins), *_of_queue(desired, found.settings, origins)]
    return sorted(changes, key=lambda change: change.path)


def _of_values(desired: Settings, present: Settings, origins: _Origins) -> Iterator[SettingChange]:
    wanted, actual = leaves_of(desired), leaves_of(present)
    for path in wanted.keys() | actual.keys():
        before, after = actual.get(path), wanted.get(path)
        if before != after:
            yield _change(path, before, after, origins.of(path) if after is not None else _NOBODY)


def _of_clusters(desired: Settings, present: Settings) -> Iterator[SettingChange]:
    wanted, actual = _clusters(desired), _clusters(present)
    for path in wanted.keys() | actual.keys():
        before, after = actual.get(path), wanted.get(path)
        if before is None or after is None:
            yield _change(path, before, after, JOB_CLUSTERS_FILE if after is not None else _NOBODY)
            continue
        for change in cluster_difference.differences(_with_mode(after, before), before):
            where, _, text = str(change).partition(": ")
            yield SettingChange(f"{_shown(path)}.{where}", text, JOB_CLUSTERS_FILE)


def _clusters(settings: Settings) -> dict[Path, Settings]:
    """The clusters made for runs: of single tasks, and those that tasks share."""
    rows = [((part, str(row.get(key, "")), "new_cluster"), row.get("new_cluster"))
            for part, key in (("tasks", "task_key"), ("job_clusters", "job_cluster_key"))
            for row in settings.get(part) or []]
    return {path: cluster for path, cluster in rows if cluster is not None}


def _with_mode(wanted: Settings, present: Settings) -> Settings:
    mode = present.get("data_security_mode")
    return wanted if "data_security_mode" in wanted or mode not in _FILLED_IN_MODES else {
        **wanted, "data_security_mode": mode}


def _of_run_as(desired: Settings, found: FoundJob, origins: _Origins) -> Iterator[SettingChange]:
    for key, name in (desired.get("run_as") or {}).items():
        if str(name).casefold() != found.run_as.casefold():
            path = ("run_as", key)
            yield _change(path, found.run_as or None, name, origins.of(path))


def _of_queue(desired: Settings, present: Settings, origins: _Origins) -> Iterator[SettingChange]:
    """Jobs made by version 2.2 of the API queue their runs unless told otherwise."""
    path = ("queue", "enabled")
    told = (desired.get("queue") or {}).get("enabled")
    before = (present.get("queue") or {}).get("enabled")
    if before is None and not told:
        return
    after = True if told is None else told
    if bool(before) != after:
        yield _change(path, before, after, origins.of(path))


class _Origins:
    """Who set a value, by its path with keys in place of numbers."""

    def __init__(self, desired: Settings, values: tuple[SetValue, ...]) -> None:
        tasks = [str(task.get("task_key", "")) for task in desired.get("tasks") or []]
        self._known: dict[Path, Origin] = {}
        for item in values:
            path = tuple(tasks[step] if isinstance(step, int) and item.path[0] == "tasks" else str(step)
                         for step in item.path)
            self._known[path] = item.origin

    def of(self, path: Path) -> str:
        if path[0] == "tasks" and path[2:3] == ("libraries",):
            return JOB_LIBRARIES_FILE
        for length in range(len(path), 0, -1):
            if path[:length] in self._known:
                return str(self._known[path[:length]])
        return "convention"


def _change(path: Path, before: object, after: object, set_by: str) -> SettingChange:
    hidden = any(part in _NAMED_VALUES for part in path[:-1]) and any(map(_SECRET_NAME.search, path[1:]))
    old, new = ("(not shown)" if hidden and value is not None else _worded(value) for value in (before, after))
    return SettingChange(_shown(path), f"{old} -> {new}", set_by)


def _worded(value: object) -> str:
    return "(none)" if value is None else quoted(value)


def _shown(path: Path) -> str:
    """`tasks[train].notebook_task.notebook_path`."""
    keyed = path[0] in ("tasks", "job_clusters", "parameters", "environments") and len(path) > 1
    head = f"{path[0]}[{path[1]}]" if keyed else path[0]
    return ".".join((head, *path[2 if keyed else 1 :]))
