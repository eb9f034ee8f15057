"""Where an attribute path of a policy points to in a cluster specification.

Paths join the names of the Clusters API with dots; the keys of open maps hold dots of their own, list elements are
numbered or `*`: https://learn.microsoft.com/en-us/azure/databricks/admin/clusters/policy-definition.
"""
from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

Spec: TypeAlias = "dict[str, Any]"
Steps: TypeAlias = "tuple[str, ...]"
OPEN_MAPS = frozenset({"spark_conf", "custom_tags", "spark_env_vars"})
_LOG = "cluster_log_conf"


def steps_of(path: str) -> Steps:
    root, dot, rest = path.partition(".")
    if root in OPEN_MAPS and dot:
        return root, rest
    return tuple(path.split("."))


def value_at(spec: Spec, steps: Steps) -> Any:  # noqa: ANN401 - whatever the request holds there
    """None where nothing is."""
    if steps[0] == _LOG and steps[1:] in {("type",), ("path",)}:
        return _of_the_log(spec.get(_LOG) or {}, steps[1])
    place: Any = spec
    for step in steps:
        if isinstance(place, dict):
            place = place.get(step)
        elif isinstance(place, list) and step.isdecimal() and len(step) < 6 and int(step) < len(place):
            place = place[int(step)]
        else:
            return None
    return place


def put(spec: Spec, steps: Steps, value: object) -> None:
    """Change `spec` in place; where the way there is not one of maps and lists nothing happens."""
    if steps[0] == _LOG and steps[1:] in {("type",), ("path",)}:
        spec[_LOG] = _with_log(spec.get(_LOG) or {}, steps[1], str(value))
        return
    place: Any = spec
    for step, following in pairwise(steps):
        inner: Any = [] if following.isdecimal() else {}
        if isinstance(place, dict):
            place = place.setdefault(step, inner)
        elif isinstance(place, list) and step == str(len(place)):
            place.append(inner)
            place = inner
        elif isinstance(place, list) and step.isdecimal() and len(step) < 6 and int(step) < len(place):
            place = place[int(step)]
        else:
            return
    if isinstance(place, dict):
        place[steps[-1]] = value
    elif isinstance(place, list) and steps[-1] == str(len(place)):
        place.append(value)


def remove(spec: Spec, steps: Steps) -> None:
    """Take the value of a map away, if there is one."""
    place = value_at(spec, steps[:-1]) if len(steps) > 1 else spec
    if isinstance(place, dict):
        place.pop(steps[-1], None)


def elements(spec: Spec, steps: Steps) -> list[Steps]:
    """`steps` with each `*` replaced by every number its list has."""
    if "*" not in steps:
        return [steps]
    at = steps.index("*")
    found = value_at(spec, steps[:at])
    count = len(found) if isinstance(found, list) else 0
    return [whole for number in range(count)
            for whole in elements(spec, (*steps[:at], str(number), *steps[at + 1:]))]


def _of_the_log(conf: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - as above
    """Policies speak of the kind of a log's destination and its path, where the Clusters API nests them."""
    kind = next(iter(conf), None)
    if kind is None:
        return None
    return kind.upper() if name == "type" else (conf[kind] or {}).get("destination")


def _with_log(conf: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    kind = next(iter(conf), "dbfs")
    destination = conf.get(kind) or {}
    if name == "type":
        return {value.lower(): destination}
    return {kind: {**destination, "destination": value}}
