"""The variables of one job as its agent keeps them: names fold case, values may hold macros.

Rules are those of microsoft/azure-pipelines-agent, src/Agent.Worker/Variables.cs and its L0 tests.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_DEPTH = 50


@dataclass(frozen=True)
class Entry:
    name: str
    value: str
    secret: bool = False
    read_only: bool = False


class Variables:
    """What is set is stored raw; what is read has its macros expanded as of the last `recalculate`."""

    def __init__(self) -> None:
        self._raw: dict[str, Entry] = {}
        self._expanded: dict[str, Entry] = {}

    def copy(self) -> Variables:
        twin = Variables()
        twin._raw, twin._expanded = dict(self._raw), dict(self._expanded)
        return twin

    def set(self, name: str, value: str, *, secret: bool = False, read_only: bool = False) -> None:
        """Set `name` while a job runs: a variable that was secret stays secret."""
        before = self._raw.get(name.casefold())
        self.define(Entry(name, value, secret or bool(before and before.secret), read_only))

    def define(self, entry: Entry) -> None:
        """Put `entry` in the place of whatever had its name, as a nearer layer of definitions does."""
        self._raw[entry.name.casefold()] = self._expanded[entry.name.casefold()] = entry

    def get(self, name: str) -> Entry | None:
        return self._expanded.get(name.casefold())

    def value(self, name: str) -> str:
        entry = self.get(name)
        return entry.value if entry else ""

    def is_read_only(self, name: str) -> bool:
        entry = self._raw.get(name.casefold())
        return bool(entry and entry.read_only)

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._expanded.values()))

    def recalculate(self) -> list[str]:
        """Expand every value from the raw ones; returns a warning for each that cannot be."""
        warnings: list[str] = []
        self._expanded = {key: self._expand(entry, warnings) for key, entry in self._raw.items()}
        return warnings

    def expand(self, text: str) -> str:
        """`text` after one pass: what a macro brings in is not looked at again, unknown names stay."""
        return self.expand_marked(text)[0]

    def expand_marked(self, text: str) -> tuple[str, bool]:
        """As `expand`, and whether a secret went in."""
        return replace_macros(text, self.get)

    def _expand(self, entry: Entry, warnings: list[str]) -> Entry:
        if "$(" not in entry.value:
            return entry
        try:
            value, secret = self._nested(entry, ())
        except _NotExpandableError as error:
            warnings.append(str(error))
            return entry
        return Entry(entry.name, value, secret, entry.read_only)

    def _nested(self, entry: Entry, above: tuple[str, ...]) -> tuple[str, bool]:
        here = (*above, entry.name.casefold())

        def find(name: str) -> Entry | None:
            inner = self._raw.get(name.casefold())
            if inner is None:
                return None
            if len(here) == MAX_DEPTH:
                message = f"variable {entry.name!r} is nested deeper than {MAX_DEPTH} levels and stays as it is"
                raise _NotExpandableError(message)
            if inner.name.casefold() in here:
                message = f"variable {entry.name!r} refers to itself through {inner.name!r} and stays as it is"
                raise _NotExpandableError(message)
            value, secret = self._nested(inner, here)
            return Entry(inner.name, value, secret)

        value, secret = replace_macros(entry.value, find)
        return value, secret or entry.secret


class _NotExpandableError(Exception):
    pass


def replace_macros(text: str, find: Callable[[str], Entry | None]) -> tuple[str, bool]:
    """`text` with each `$(name)` that `find` knows replaced, left to right, and whether a secret went in."""
    pieces: list[str] = []
    start, done, secret = 0, 0, False
    while (opening := text.find("$(", start)) >= 0 and (closing := text.find(")", opening + 2)) >= 0:
        name = text[opening + 2 : closing]
        entry = find(name) if name else None
        start = opening + 1
        if entry is not None:
            pieces += [text[done:opening], entry.value]
            start = done = closing + 1
            secret = secret or entry.secret
    return "".join([*pieces, text[done:]]), secret


def environment_name(name: str) -> str:
    """The name under which the agent exports a variable: only `.` and space are replaced."""
    return name.upper().replace(".", "_").replace(" ", "_")
