"""Bytes of a pipe as text lines, in bounded memory."""
from __future__ import annotations

from collections.abc import Iterator

MAX_LINE_BYTES = 16 * 1024 * 1024


class LineSplitter:
    """A line longer than the limit is cut there and the cut is said: half a line could leak half a secret."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[str]:
        *complete, rest = chunk.split(b"\n")
        for line in complete:
            self._keep(line)
            yield self._take()
        self._keep(rest)

    def close(self) -> Iterator[str]:
        """The last line, where the stream did not end with a line feed."""
        if self._size:
            yield self._take()

    def _keep(self, piece: bytes) -> None:
        if piece and self._size <= self._limit:
            self._pieces.append(piece)
        self._size += len(piece)

    def _take(self) -> str:
        line, size = b"".join(self._pieces), self._size
        self._pieces, self._size = [], 0
        if size > self._limit:
            return f"##[warning]a line of {size} bytes was left out: this log holds lines up to {self._limit} bytes"
        return line.decode("utf-8", "replace").rstrip("\r")
