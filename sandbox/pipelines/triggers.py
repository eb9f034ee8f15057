"""Whether a push starts a pipeline: `trigger` filters of the entry file in the pushed branch.

Rules: https://learn.microsoft.com/azure/devops/pipelines/repos/azure-repos-git#ci-triggers.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

Trigger = object
"""The value of `trigger` as plain data: None (absent), 'none', a list of branches, or a mapping."""

_HEADS, _TAGS = "refs/heads/", "refs/tags/"
_FILTERS = ("branches", "paths", "tags")


def is_triggered(trigger: Trigger, ref: str, changed_paths: Iterable[str]) -> bool:
    """Whether a push of `ref` (a full ref) that changed these paths starts a run; ValueError for a bad trigger."""
    if _is_off(trigger):
        return False
    include, exclude = _filter(trigger, "branches")
    if ref.startswith(_TAGS):
        tags = _filter(trigger, "tags")
        wanted = any(tags) and _passes(ref.removeprefix(_TAGS), [_tag(name) for name in tags[0]], tags[1])
        if not wanted and not _passes_refs(ref, [name for name in include if name.startswith(_TAGS)], exclude):
            return False
    elif not _branch_passes(ref, trigger, include, exclude):
        return False
    return _paths_pass(list(changed_paths), *_filter(trigger, "paths"))


def is_batched(trigger: Trigger) -> bool:
    """Whether pushes wait for the running run of their branch and then start one run together."""
    return isinstance(trigger, Mapping) and str(trigger.get("batch", "false")).lower() == "true"


def branch_passes(ref: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Branch filters as schedules and branch control have them: no include means every branch."""
    return _passes_refs(ref, include or ["*"], exclude)


def _is_off(trigger: Trigger) -> bool:
    if isinstance(trigger, Mapping):
        return str(trigger.get("enabled", "true")).lower() == "false"
    return trigger == "none"


def _branch_passes(ref: str, trigger: Trigger, include: list[str], exclude: list[str]) -> bool:
    only_tags = isinstance(trigger, Mapping) and "tags" in trigger and "branches" not in trigger
    return not only_tags and _passes_refs(ref, include or ["*"], exclude)


def _passes_refs(ref: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    return _passes(ref, [_full(name) for name in include], [_full(name) for name in exclude])


def _passes(text: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    return any(matches(name, text) for name in include) and not any(matches(name, text) for name in exclude)


def _full(name: str) -> str:
    return name if name.startswith("refs/") else _HEADS + name


def _tag(name: str) -> str:
    return name.removeprefix(_TAGS)


def _paths_pass(paths: list[str], include: list[str], exclude: list[str]) -> bool:
    if not include and not exclude:
        return True
    return any(
        (not include or any(_covers(pattern, path) for pattern in include))
        and not any(_covers(pattern, path) for pattern in exclude)
        for path in (path.lstrip("/") for path in paths)
    )


def _covers(pattern: str, path: str) -> bool:
    """A path filter matches a file, and the folder it names matches all below."""
    bare = pattern.lstrip("/").rstrip("/")
    return bare in ("", "*") or matches(bare, path) or matches(f"{bare}/*", path)


def _filter(trigger: Trigger, key: str) -> tuple[list[str], list[str]]:
    if trigger is None:
        return [], []
    if isinstance(trigger, (list, tuple)):
        return ([str(name) for name in trigger], []) if key == "branches" else ([], [])
    if isinstance(trigger, Mapping):
        found = trigger.get(key) or {}
        if isinstance(found, (list, tuple)):
            return [str(name) for name in found], []
        if isinstance(found, Mapping):
            return _texts(found.get("include")), _texts(found.get("exclude"))
    message = f"trigger: got {trigger!r}, expected none, a list of branches, or a mapping with {', '.join(_FILTERS)}"
    raise ValueError(message)


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of `text` fits a pattern with `*` (also across `/`) and `?`; case counts."""
    return bool(_compiled(pattern).fullmatch(text))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """`**` and `*` stand for any characters, also `/`; `?` for one."""
    parts = (".*" if part.startswith("*") else "." if part == "?" else re.escape(part)
             for part in re.findall(r"\*+|\?|[^*?]+", pattern))
    return re.compile("".join(parts), re.DOTALL)
