"""The sentences in which a broken rule of a schema is told."""
from __future__ import annotations

from collections.abc import Iterable

from steps.lib.findings import nearest
from steps.lib.wording import names

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


def unknown_field(key: str, known: Iterable[str]) -> str:
    """Offers the nearest known field, or all of them where there are few."""
    fields = sorted(known)
    near = nearest(key, fields)
    few = f", expected {names(fields)}" if not near and 0 < len(fields) <= 8 else ""
    return f"unknown field{few or ', expected a known one'}{near}"


def missing(key: str) -> str:
    return f"{key!r} is missing; add it"
