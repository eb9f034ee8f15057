"""Request bodies as streams: by length, or chunked (RFC 9112 §6 and §7.1)."""
from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from sandbox.http.message import Headers, RequestRefusedError

_LINE_LIMIT = 8 * 1024
_BLOCK = 64 * 1024
# In digits: Python reads and prints no endless numbers.
_LONGEST_NUMBER = 20


def body_stream(reader: BinaryIO, headers: Headers, on_first_read: Callable[[], None]) -> io.BufferedReader:
    """The body that follows `headers` on `reader`; `on_first_read` runs once, before the first byte is wanted."""
    encoding = headers.get("Transfer-Encoding", "").strip().lower()
    if not encoding:
        return io.BufferedReader(_Body(reader, _length(headers), on_first_read))
    if encoding != "chunked" or "Content-Length" in headers:
        raise RequestRefusedError(400, "transfer encoding must be 'chunked' and stand without a content length")
    return io.BufferedReader(_ChunkedBody(reader, 0, on_first_read))


def drain(stream: BinaryIO, limit: int) -> bool:
    """Read what is left, at most about `limit` bytes; True if that was all."""
    while limit > 0:
        block = stream.read(_BLOCK)
        if not block:
            return True
        limit -= len(block)
    return False


def _length(headers: Headers) -> int:
    text = headers.get("Content-Length", "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise RequestRefusedError(400, f"content length {text[:100]!r} is not a number")
    return int(text)


class _Body(io.RawIOBase):
    """Reads `left` bytes and not one more, so that the next request stays on the connection."""

    def __init__(self, reader: BinaryIO, left: int, on_first_read: Callable[[], None]) -> None:
        self._reader = reader
        self._left = left
        self._on_first_read: Callable[[], None] | None = on_first_read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._on_first_read is not None:
            announce, self._on_first_read = self._on_first_read, None
            announce()
        return self._fill(buffer)

    def _fill(self, buffer: memoryview) -> int:
        if self._left == 0:
            return 0
        block = self._reader.read(min(self._left, len(buffer)))
        if not block:
            self._refuse(f"body ended {self._left} bytes early")
        self._left -= len(block)
        buffer[: len(block)] = block
        return len(block)

    def _refuse(self, reason: str) -> NoReturn:
        """What comes after a broken body has no meaning: the stream ends here."""
        self._left = 0
        raise RequestRefusedError(400, reason)


class _ChunkedBody(_Body):
    """`_left` counts the current chunk; after the last one the trailer is read away."""

    _ended = False

    def _fill(self, buffer: memoryview) -> int:
        if self._left == 0 and not self._ended:
            self._left = self._next_size()
            if self._left == 0:
                self._ended = True
                while self._line():
                    pass
        count = super()._fill(buffer)
        if count and self._left == 0 and self._line():
            self._refuse("chunk is longer than its size says")
        return count

    def _refuse(self, reason: str) -> NoReturn:
        self._ended = True
        super()._refuse(reason)

    def _next_size(self) -> int:
        text = self._line().split(b";")[0].strip()
        if not text or text.strip(b"0123456789abcdefABCDEF") or len(text) > _LONGEST_NUMBER:
            self._refuse(f"chunk size {text[:100]!r} is not hexadecimal")
        return int(text, 16)

    def _line(self) -> bytes:
        line = self._reader.readline(_LINE_LIMIT)
        if not line.endswith(b"\n"):
            self._refuse("chunked body ended early")
        return line.rstrip(b"\r\n")
