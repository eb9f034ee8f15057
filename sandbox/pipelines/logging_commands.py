"""The `##vso[area.event key=value]data` lines a step prints to make its agent do something.

Grammar and escapes are those of microsoft/azure-pipelines-agent, src/Agent.Sdk/Command.cs and its L0 tests.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "##vso["
_ESCAPES = (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"))

ALLOWED_WHEN_RESTRICTED = frozenset({
    "task.logdetail", "task.logissue", "task.issue", "task.complete", "task.setprogress", "task.setsecret",
    "task.setvariable", "task.debug", "task.settaskvariable", "task.prependpath", "telemetry.publish",
})


@dataclass(frozen=True)
class Command:
    area: str
    event: str
    properties: Mapping[str, str]
    data: str

    @property
    def name(self) -> str:
        return f"{self.area}.{self.event}".lower()

    def get(self, key: str) -> str:
        return self.properties.get(key.lower(), "")

    def flag(self, key: str) -> bool:
        return self.get(key).strip().lower() == "true"


def looks_like_command(line: str) -> bool:
    return "##vso" in line


def parse(line: str, *, decode_percent: bool = True) -> Command | None:
    """The command anywhere in `line`, or None where it holds none that can be read.

    As exact as the agent: the mark is lower case, nothing is trimmed, and a property without name or value is dropped.
    So in `variable=v; issecret=true` the second name has a space in front and means nothing.
    """
    start = line.find(PREFIX)
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    head, _, rest = line[start + len(PREFIX) : end].partition(" ")
    names = [name for name in head.split(".") if name]
    if len(names) != 2:
        return None
    pairs = (pair.lstrip("=").partition("=") for pair in rest.split(";"))
    properties = {key.lower(): _decode(value.lstrip("="), decode_percent)
                  for key, _, value in pairs if key and value.lstrip("=")}
    return Command(names[0], names[1], properties, _decode(line[end + 1 :], decode_percent))


def settable(name: str, restrictions: list[list[str]]) -> bool:
    """Whether `task.setvariable` may set `name` under `target.settableVariables` of step and job.

    Each restriction is a list of names, `my*` standing for a beginning; all have to allow it.
    """
    return all(any(_covers(pattern.lower(), name.lower()) for pattern in allowed) for allowed in restrictions)


def _covers(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _decode(text: str, decode_percent: bool) -> str:
    for escaped, raw in _ESCAPES:
        text = text.replace(escaped, raw)
    return text.replace("%AZP25", "%") if decode_percent else text
