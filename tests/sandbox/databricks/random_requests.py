"""Random requests for a route: fields of its own types, of wrong types, ids that are there, and JSON of any shape."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import sandbox.databricks

HOSTILE = (
    "", ".", "..", "/", "//", "a/../b", "/Repos/../etc", "a\0b", "%2f", "%00", "\u202e", "\N{PILE OF POO}", "x" * 300,
    "1e999", "-1", "0", "9" * 30, "'; DROP TABLE x", "(", "[", "{", "\\", "*", "\n", 'userName eq "', "a eq 1 and",
    "tags.x = 'y", "metrics.a <", "0 0 0 * * ?", "UTC", "dbfs:/..", "s3://x", "{{job.id}}", "${x}", "true", "null",
    "PT1H", "a.b.c", "1,2", '{"a": {"type": "fixed"}}', "members[value eq", "\u0661", "emails[type", "=", "AA==")
NUMBERS = (-1, 0, 1, 2, 7, 25, -2**63, 2**63 - 1, 2**63, 2**53 + 1, 10**12, -10**12)
_DEEPEST = 4
_NAMING = ("id", "path", "name", "scope", "key", "principal", "provider", "url")
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.\.\.)?\}")
Told = Mapping[str, "list[Any]"]
"""What a workspace has told by name, such as the ids of its clusters."""


@cache
def _types() -> dict[str, Any]:
    merged: dict[str, Any] = {"requests": {}, "objects": {}, "enums": {}}
    for path in Path(sandbox.databricks.__path__[0]).joinpath("data").glob("*fields.json"):
        for kind, rows in merged.items():
            rows.update(json.loads(path.read_text("utf-8"))[kind])
    return merged


@cache
def types_of(path: str) -> dict[str, str]:
    """The fields of the requests whose names have most words of the path, in its last word before all."""
    words = [word for word in re.split(r"[/{}]", path)[3:] if word]
    requests: dict[str, dict[str, str]] = _types()["requests"]
    likeness = {name: _likeness(words, name.split(" ")[0].split("/")) for name in requests}
    most = max(likeness.values())
    return {field: kind for name, fields in requests.items() if likeness[name] == most
            for field, kind in fields.items()}


def _likeness(words: list[str], name: list[str]) -> float:
    return len(set(words) & set(name)) - len(set(name) - set(words)) / 10 + (name[-1:] == words[-1:])


@dataclass
class RandomRequests:
    """`random` decides, so the same seed makes the same requests as long as the workspace tells the same."""

    random: Random
    told: Told

    def fields(self, path: str) -> dict[str, Any]:
        """Now all ids are there, now some fields of the route's types, wrong ones among them, now anything at all."""
        types = types_of(path)
        named = {name: self._known(name, kind) for name, kind in types.items()
                 if name in self.told and name.endswith(_NAMING) and self._chance(0.9)}
        start = self.random.choice([{}, named, named, named])
        if self._chance(0.2):
            return {**start, **{name: self.anything() for name in self._some(list(types), 4)}, self.word(): 1}
        return {**start, **{name: self._value(name, types[name]) for name in self._some(list(types), 6)}}

    def path(self, pattern: str) -> list[str]:
        """What stands for each placeholder."""
        names = [name if self._chance(0.5) else "any" for name in _PLACEHOLDER.findall(pattern)]
        return [str(self._known(name)) if self._chance(0.8) else self.word() for name in names]

    def word(self) -> str:
        return self.random.choice(HOSTILE)

    def anything(self, depth: int = 0) -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: None, lambda: self._chance(0.5), lambda: self.random.choice(NUMBERS), self.word, lambda: 1.5]
        if depth < _DEEPEST:
            kinds.append(lambda: [self.anything(depth + 1) for _ in range(self.random.randrange(3))])
            kinds.append(lambda: {self.word(): self.anything(depth + 1) for _ in range(self.random.randrange(3))})
        return self.random.choice(kinds)()

    def _value(self, name: str, kind: str, depth: int = 0) -> Any:
        if depth > _DEEPEST or self._chance(0.04):
            return self.anything(depth)
        if kind.endswith("[]"):
            return [self._value(name, kind[:-2], depth + 1) for _ in range(self.random.randrange(4))]
        if kind in _types()["objects"]:
            types = _types()["objects"][kind]
            return {inner: self._value(inner, types[inner], depth + 1) for inner in self._some(list(types), 5)}
        if kind in _types()["enums"]:
            return self.random.choice(_types()["enums"][kind])
        return self._known(name, kind) if name in self.told and self._chance(0.4) else self._scalar(kind)

    def _scalar(self, kind: str) -> Any:
        if kind == "map":
            return {self.word(): self.word() for _ in range(self.random.randrange(3))}
        if kind == "bool":
            return self._chance(0.5)
        return self.random.choice(NUMBERS) if kind in {"int", "number"} else self.word()

    def _known(self, name: str, kind: str = "") -> Any:
        """A value told under this name, of this kind if there is one; any id where nothing was told."""
        values = self.told.get(name) or [value for known in sorted(self.told) if known.endswith("id")
                                         for value in self.told[known]]
        fitting = [value for value in values if type(value).__name__ == kind]
        return self.random.choice(fitting or values)

    def _some(self, names: list[str], most: int) -> list[str]:
        return self.random.sample(names, min(len(names), self.random.randrange(most + 1)))

    def _chance(self, of_one: float) -> bool:
        return self.random.random() < of_one
