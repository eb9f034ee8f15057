"""Faults in JSON, as a person writes them and as the admin service tells them."""
from __future__ import annotations

import dataclasses
import json
from typing import Any, get_args, get_type_hints

from sandbox.http.fault_presets import with_preset
from sandbox.http.faults import Fault

_TYPES: dict[str, tuple[type, ...]] = {
    "path": (str,), "method": (str,), "status": (int,), "body": (str, dict, list), "headers": (dict,),
    "times": (int, type(None)), "when": (str,), "delay": (int, float),
}
_IN_WORDS = {str: "text", int: "a number", float: "a number", dict: "an object", list: "a list", type(None): "null"}
_LONGEST_DELAY = 600
_STATUSES = {0, *range(200, 600)}
_WHEN = get_args(get_type_hints(Fault)["when"])


def fault_from_json(data: object) -> Fault:
    """A fault as a person writes it: `body` may be text or JSON, and a `preset` fills in what is not written.

    ValueError names what is wrong.
    """
    data = with_preset(data)
    if not isinstance(data, dict) or "path" not in data:
        message = "a fault is an object with at least 'path'"
        raise ValueError(message)
    for name, value in data.items():
        if name not in _TYPES:
            message = f"{name}: known are {', '.join(_TYPES)}, preset"
            raise ValueError(message)
        if not isinstance(value, _TYPES[name]) or isinstance(value, bool):
            kinds = " or ".join(dict.fromkeys(_IN_WORDS[kind] for kind in _TYPES[name]))
            message = f"{name}: got {json.dumps(value)}, expected {kinds}"
            raise ValueError(message)
    if data.get("when", "before") not in _WHEN:
        message = f"when: got {data['when']!r}, expected one of {', '.join(_WHEN)}"
        raise ValueError(message)
    if not 0 <= data.get("delay", 0) <= _LONGEST_DELAY or data.get("status", 503) not in _STATUSES:
        message = f"delay and status: expected 0 to {_LONGEST_DELAY} seconds, and 0 or a status from 200 to 599"
        raise ValueError(message)
    body = data.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {str(name): str(value) for name, value in data.get("headers", {}).items()}
    return Fault(**{**data, "body": text.encode(), "headers": headers})


def fault_as_json(fault: Fault) -> dict[str, Any]:
    return {**dataclasses.asdict(fault), "body": fault.body.decode("utf-8", "replace")}
