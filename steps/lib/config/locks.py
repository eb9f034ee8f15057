"""Fills a team's template from user values. In a template a value is a lock, null is open, an absent key forbidden.

Nested objects follow the same rule key by key. A few objects are open maps: there a user may add keys of their own,
and the team may lock single ones. Lists count as one value. What nobody fills is left out.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from steps.lib.config.provenance import Origin, SetValue
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.wording import quoted

OPEN_MAPS = frozenset({"spark_conf", "spark_env_vars", "custom_tags", "tags"})


@dataclass(frozen=True)
class Request:
    """One value a user asks for: `path` in the template's shape, `report` makes a finding where the user wrote it."""

    path: JsonPath
    value: Json
    origin: Origin
    report: Callable[[str], Finding]


@dataclass(frozen=True)
class Filled:
    """The values that result, and every lock the requests violate."""

    values: tuple[SetValue, ...]
    findings: tuple[Finding, ...]


def fill(template: Document, requests: Sequence[Request], top: JsonPath = ()) -> Filled:
    """Every locked value of the template below `top` and every request it allows; paths are relative to `top`."""
    locked = {item.path: item for item in leaves(template, top)}
    allowed: dict[JsonPath, SetValue] = {}
    findings: list[Finding] = []
    for request in requests:
        problem = violation(template, request, top)
        if problem:
            findings.append(request.report(problem))
        elif request.path not in locked:
            allowed[request.path] = SetValue(request.path, request.value, request.origin)
    return Filled((*locked.values(), *allowed.values()), tuple(sorted(findings)))


def requests_of(document: Document, top: JsonPath) -> list[Request]:
    """One request for each value written below `top`, at its path relative to `top`."""
    return [_request(document, top, path, value) for path, value in _walk(document.get(top), ())]


def leaves(template: Document, top: JsonPath = ()) -> list[SetValue]:
    """Every value a template sets below `top`, with its line; null sets nothing."""
    return [SetValue(path, value, Origin(template.file, template.line((*top, *path))))
            for path, value in _walk(template.get(top), ()) if value is not None]


def violation(template: Document, request: Request, top: JsonPath = ()) -> str:
    """What is wrong with `request` by this template; empty if nothing is."""
    value = template.get(top)
    for depth, step in enumerate(request.path):
        if not isinstance(value, dict):
            return "" if value is None else _locked(template, (*top, *request.path[:depth]), value, request.value)
        if step not in value:
            is_open = depth > 0 and request.path[depth - 1] in OPEN_MAPS
            return "" if is_open else _not_allowed(template)
        value = value[str(step)]
    if value is None or equal(value, request.value) or (isinstance(value, dict) and request.value == {}):
        return ""
    if isinstance(value, dict):
        return f"got {quoted(request.value)}, expected an object as in {template.place((*top, *request.path))}"
    return _locked(template, (*top, *request.path), value, request.value)


def equal(one: Json, other: Json) -> bool:
    """JSON equality: 1 is 1.0 but not true, the order of keys does not matter, the order of items does."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other


def _walk(value: Json, path: JsonPath) -> list[tuple[JsonPath, Json]]:
    if not isinstance(value, dict):
        return [(path, value)] if path else []
    return [found for key in value for found in _walk(value[key], (*path, key))]


def _request(document: Document, top: JsonPath, path: JsonPath, value: Json) -> Request:
    place = (*top, *path)

    def report(problem: str) -> Finding:
        return document.finding(place, problem)

    return Request(path, value, Origin(document.file, document.line(place)), report)


def _locked(template: Document, path: JsonPath, locked: Json, wanted: Json) -> str:
    return f"got {quoted(wanted)}, locked to {quoted(locked)} by {template.place(path)}"


def _not_allowed(template: Document) -> str:
    return f"not allowed by {template.file}, expected only what has a key there; remove it, or ask the team to open it"
