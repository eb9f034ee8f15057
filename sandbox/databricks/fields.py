"""Reads a request's fields by the endpoint's own types.

A wrong JSON type is refused always. An unknown field or enum value is dropped without a word, as the service does
(https://github.com/apache/airflow/issues/72148), or, in strict mode, refused with its path.
"""
from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.databricks.errors import malformed, refuse

Json = Any  # what `json.loads` gives: a request is anything until it has been read
_LONGEST_NUMBER = 20
_LONGEST_PATH = 200
_INT64 = range(-2**63, 2**63)
_SCALARS: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "number": (int, float), "bool": (bool,)}


@cache
def _catalogue() -> dict[str, Any]:
    """What every `*fields.json` says; a room with many fields has a file of its own."""
    merged: dict[str, Any] = {"requests": {}, "objects": {}, "enums": {}}
    for path in sorted(Path(__file__).with_name("data").glob("*fields.json")):
        data = json.loads(path.read_text("utf-8"))
        for kind, rows in merged.items():
            rows.update(data[kind])
    return merged


def read_body(endpoint: str, body: dict[str, Json], *, strict: bool) -> dict[str, Json]:
    """The fields of `body` that `endpoint` (such as `clusters/create`) knows; null counts as absent."""
    return _Reading(strict).fields(_catalogue()["requests"][endpoint], body, "")


def read_query(endpoint: str, query: dict[str, list[str]], *, strict: bool) -> dict[str, Json]:
    """As `read_body` for a query: dotted keys nest, repeated keys make a list, booleans come in any case."""
    types = _catalogue()["requests"][endpoint]
    body: dict[str, Json] = {}
    for key, values in query.items():
        *parents, name = key.split(".")
        fields, place = types, body
        for parent in parents:
            fields = _catalogue()["objects"].get(fields.get(parent, ""), {})
            place = _expect(place.setdefault(parent, {}), (dict,), key)
        place[name] = _converted(fields.get(name, "str"), values)
    return read_body(endpoint, body, strict=strict)


def read_base64(text: str, name: str) -> bytes:
    """The bytes that the field `name` stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        refuse(f"{name} is not base64")


def fields_of(kind: str) -> dict[str, str]:
    """The fields of an object such as `AutoScale`, each with its type; none where `kind` is no object."""
    types: dict[str, str] = _catalogue()["objects"].get(kind, {})
    return types


def _converted(kind: str, values: list[str]) -> Json:
    if kind.endswith("[]"):
        return values
    text = values[0]
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind == "int" and text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    return text


class _Reading:
    def __init__(self, strict: bool) -> None:
        self._strict = strict

    def fields(self, types: dict[str, str], body: dict[str, Json], path: str) -> dict[str, Json]:
        known: dict[str, Json] = {}
        for name, value in body.items():
            place = f"{path}.{name}" if path else name
            if name not in types:
                self._unknown(f"unknown field {place!r}")
            elif value is not None:
                taken = self._value(types[name], value, place)
                if taken is not None:
                    known[name] = taken
        return known

    def _value(self, kind: str, value: Json, path: str) -> Json:
        if kind.endswith("[]"):
            items = _expect(value, (list,), path)
            read = [self._value(kind[:-2], item, f"{path}[{at}]") for at, item in enumerate(items)]
            return [item for item in read if item is not None]
        if kind == "map":
            return {key: _expect(item, (str,), f"{path}.{key}") for key, item in _expect(value, (dict,), path).items()}
        if kind == "int" and path.endswith("_id") and isinstance(value, str):
            # So the legacy databricks-cli sends ids; int64 may be text: https://protobuf.dev/programming-guides/json/
            value = _converted(kind, [value])
        if kind in _SCALARS:
            return _expect(value, _SCALARS[kind], path)
        if kind in _catalogue()["enums"]:
            return self._enum(kind, _expect(value, (str,), path), path)
        return self.fields(_catalogue()["objects"][kind], _expect(value, (dict,), path), path)

    def _enum(self, kind: str, value: str, path: str) -> str | None:
        values = _catalogue()["enums"][kind]
        if value in values:
            return value
        self._unknown(f"{path}: {value!r} is not one of {', '.join(values)}")
        return None

    def _unknown(self, problem: str) -> None:
        if self._strict:
            refuse(f"strict mode: {problem}")


def _expect(value: Json, kinds: tuple[type, ...], path: str) -> Json:
    """Numbers without fraction are int64, as in the service's own description of its API."""
    is_kind = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    if not is_kind or (isinstance(value, int) and value not in _INT64):
        wanted = "map" if dict in kinds else kinds[0].__name__
        message = f"{path[:_LONGEST_PATH]} - expected a {wanted}"
        raise malformed(message)
    return value
