"""Secrets leave the engine only as `***`."""
from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from sandbox.pipelines.variables import Entry

MASK = "***"


class Masker:
    """The secrets of one job. Lines written before a secret was added are not masked, as on a real agent."""

    def __init__(self) -> None:
        self._values: tuple[str, ...] = ()
        self._lock = threading.Lock()

    @property
    def longest(self) -> int:
        return len(self._values[0]) if self._values else 0

    def add(self, secret: str) -> None:
        """Mask `secret`, each of its lines, and the forms in which programs usually print them."""
        forms = {form for line in (secret, *secret.splitlines()) for form in _forms(line)}
        with self._lock:
            self._values = tuple(sorted({*self._values, *forms} - {""}, key=len, reverse=True))

    def mask(self, text: str) -> str:
        """`text` with every secret replaced; overlapping and adjacent secrets become one mask."""
        values = [value for value in self._values if value in text]
        if not values:
            return text
        pieces, end = [], 0
        for start, stop in _merged(sorted(span for value in values for span in _spans(text, value))):
            pieces += [text[end:start], MASK]
            end = stop
        return "".join([*pieces, text[end:]])


def masker_of(variables: Iterable[Entry]) -> Masker:
    """A masker that knows the secrets among `variables`."""
    masker = Masker()
    for entry in variables:
        if entry.secret:
            masker.add(entry.value)
    return masker


def _forms(secret: str) -> Iterator[str]:
    for text in (secret, secret.strip()):
        yield text
        yield base64.b64encode(text.encode(errors="surrogateescape")).decode()
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1]
        yield quote(text, safe="", errors="surrogateescape")


def _spans(text: str, value: str) -> Iterator[tuple[int, int]]:
    start = text.find(value)
    while start >= 0:
        yield start, start + len(value)
        start = text.find(value, start + 1)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged = spans[:1]
    for start, stop in spans[1:]:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged
