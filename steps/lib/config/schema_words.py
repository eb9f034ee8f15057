"""The sentences in which a broken rule of a schema is told."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable

from steps.lib.findings import nearest

_WIDEST = 60
_PASSWORD = re.compile(r"//[^/@\s]*:[^/@\s]*@")
SENTENCES = {
    "enum": "got {got}, expected one of {limit}",
    "const": "got {got}, expected {limit}",
    "pattern": "got {got}, expected {description}",
    "minimum": "got {got}, expected at least {limit}",
    "maximum": "got {got}, expected at most {limit}",
    "minLength": "got {got}, expected a text that is not empty",
    "maxLength": "got {got}, expected at most {limit} characters",
    "minItems": "got {got}, expected at least {limit} entries",
    "maxItems": "got {got}, expected at most {limit} entries",
    "uniqueItems": "got an entry twice, expected each once",
}


def got(value: object) -> str:
    """`value` as a person wrote it: a text in quotes, cut where long; a list or object by its kind.

    A password in an address is left out: whoever reads the log need not know it.
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(_PASSWORD.sub("//...@", value)) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 4]}...{text[-1]}"


def quoted(value: object) -> str:
    """As `got`, but a list or object as JSON, cut where long."""
    if not isinstance(value, (dict, list)):
        return got(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 4]}...{text[-1]}"


def unknown_field(key: str, known: Iterable[str]) -> str:
    """Offers the nearest known field, or all of them where there are few."""
    fields = sorted(known)
    near = nearest(key, fields)
    few = f", expected {names(fields)}" if not near and 0 < len(fields) <= 8 else ""
    return f"unknown field{few or ', expected a known one'}{near}"


def missing(key: str) -> str:
    return f"{key!r} is missing; add it"


def names(values: Iterable[object]) -> str:
    return ", ".join(got(value) for value in values)
