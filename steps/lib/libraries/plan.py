"""What to install on and remove from a cluster, from what is wanted and what its libraries' states say."""
from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LibraryEntry = Mapping[str, Any]

READY = ("INSTALLED", "SKIPPED")
LEAVING = "UNINSTALL_ON_RESTART"
FAILED = "FAILED"
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(\[[^\]]*\])?\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Library:
    """One entry of the Libraries API. Two are equal where they name the same thing, however it is written."""

    kind: str
    package: str
    version: str
    origin: str

    @classmethod
    def of(cls, entry: LibraryEntry) -> Library:
        kind, value = next(iter(entry.items()))
        if not isinstance(value, Mapping):
            return cls(kind, str(value), "", "")
        if kind == "maven":
            group, _, version = str(value.get("coordinates", "")).rpartition(":")
            return cls(kind, group, version, _origin(value, "exclusions"))
        name, extras, version = _split(str(value.get("package", "")))
        package = re.sub(r"[-_.]+", "-", name).lower() if kind == "pypi" else name
        return cls(kind, package, extras + version, _origin(value))

    @property
    def thing(self) -> tuple[str, str]:
        """What can be on a cluster only once; for a file that is the file itself."""
        return self.kind, self.package


@dataclass(frozen=True)
class Status:
    """The state of a library on a cluster. `everywhere`: an admin put it on all clusters; it is not ours to remove."""

    entry: LibraryEntry
    state: str
    messages: tuple[str, ...] = ()
    everywhere: bool = False

    @property
    def library(self) -> Library:
        return Library.of(self.entry)


@dataclass(frozen=True)
class LibraryPlan:
    """`leaving` is gone at the next restart; `blocked` can come only then, for another version is still there.

    `retried` are those of `install` that had failed before.
    """

    install: tuple[LibraryEntry, ...] = ()
    uninstall: tuple[LibraryEntry, ...] = ()
    leaving: tuple[LibraryEntry, ...] = ()
    blocked: tuple[LibraryEntry, ...] = ()
    retried: frozenset[Library] = frozenset()

    @property
    def changes(self) -> int:
        return len(self.install) + len(self.uninstall)


@dataclass(frozen=True)
class Outcome:
    """How far the wanted libraries are, and which others are still there until the restart (`leaving`).

    `waiting` are wanted ones that the restart brings, `failed` those that it will not help.
    """

    ready: tuple[LibraryEntry, ...]
    unfinished: tuple[LibraryEntry, ...]
    waiting: tuple[LibraryEntry, ...]
    failed: tuple[Status, ...]
    leaving: tuple[LibraryEntry, ...]


def statuses_of(rows: Iterable[Mapping[str, Any]]) -> list[Status]:
    """From the rows of libraries/cluster-status."""
    return [Status(row["library"], str(row.get("status", "")), tuple(row.get("messages") or ()),
                   bool(row.get("is_library_for_all_clusters"))) for row in rows if row.get("library")]


def plan(desired: Sequence[LibraryEntry], statuses: Sequence[Status]) -> LibraryPlan:
    """The calls that lead from `statuses` to `desired`; none where everything is there or on its way."""
    wanted = {Library.of(entry) for entry in desired}
    own = [status for status in statuses if not status.everywhere]
    install = tuple(entry for entry in desired if _is_missing(Library.of(entry), statuses))
    failed = frozenset(status.library for status in statuses if status.state == FAILED)
    return LibraryPlan(
        install=install,
        retried=failed.intersection(map(Library.of, install)),
        uninstall=tuple(row.entry for row in own if row.library not in wanted and row.state != LEAVING),
        leaving=_leaving(wanted, statuses),
        blocked=tuple(entry for entry in desired if _is_blocked(Library.of(entry), statuses)))


def outcome(desired: Sequence[LibraryEntry], statuses: Sequence[Status]) -> Outcome:
    ready, unfinished, waiting, failed = [], [], [], []
    for entry in desired:
        library = Library.of(entry)
        row = _best(library, statuses)
        if row is not None and row.state in READY:
            ready.append(entry)
        elif row is not None and (row.state == LEAVING or (row.state == FAILED and _is_blocked(library, statuses))):
            waiting.append(entry)
        elif row is not None and row.state == FAILED:
            failed.append(row)
        else:
            unfinished.append(entry)
    leaving = _leaving({Library.of(entry) for entry in desired}, statuses)
    return Outcome(tuple(ready), tuple(unfinished), tuple(waiting), tuple(failed), leaving)


def worded(entry: LibraryEntry) -> str:
    """`pypi pandas==2.2.3`, with the repository where it is not the usual one."""
    kind, value = next(iter(entry.items()))
    if not isinstance(value, Mapping):
        return f"{kind} {value}"
    name = value.get("package") or value.get("coordinates")
    return f"{kind} {name} from {value['repo']}" if value.get("repo") else f"{kind} {name}"


def _leaving(wanted: Collection[Library], statuses: Iterable[Status]) -> tuple[LibraryEntry, ...]:
    return tuple(row.entry for row in statuses if row.library not in wanted and row.state == LEAVING)


def _is_missing(library: Library, statuses: Iterable[Status]) -> bool:
    """Absent, failed by itself, or marked for removal by an earlier run: installing again is what brings it back."""
    rows = list(statuses)
    row = _best(library, rows)
    if row is None or row.state == LEAVING:
        return True
    return row.state == FAILED and not _is_blocked(library, rows)


def _best(library: Library, statuses: Iterable[Status]) -> Status | None:
    """The row of `library`. One that was removed and added again may have two: the new one counts."""
    rows = [status for status in statuses if status.library == library]
    return min(rows, key=lambda row: row.state == LEAVING, default=None)


def _is_blocked(library: Library, statuses: Iterable[Status]) -> bool:
    """Whether another version of the same package is on the cluster until its restart."""
    return any(row.library != library and row.library.thing == library.thing and row.state in (*READY, LEAVING)
               and not row.everywhere for row in statuses)


def _split(requirement: str) -> tuple[str, str, str]:
    found = _REQUIREMENT.fullmatch(requirement)
    if found is None:
        return requirement, "", ""
    extras = ",".join(sorted(part.strip().lower() for part in (found[2] or "")[1:-1].split(",") if part.strip()))
    return found[1], f"[{extras}]" if extras else "", "".join(found[3].split())


def _origin(value: Mapping[str, Any], *more: str) -> str:
    known = {key: sorted(value[key]) if key in more else value[key] for key in ("repo", *more) if value.get(key)}
    return json.dumps(known, sort_keys=True) if known else ""
