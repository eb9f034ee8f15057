"""One HTTP request and one HTTP response as every embedded service sees them."""
from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TypeAlias, cast

BODY_LIMIT = 16 * 1024 * 1024
_IN_MEMORY = 256 * 1024
# What is read from a body takes several times its size, so few large ones are in memory at the same time.
_LARGE_BODIES = threading.BoundedSemaphore(2)


class Headers(Mapping[str, str]):
    """Header fields by name in any case; a field sent twice is joined with a comma, as RFC 9110 §5.3 says."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, str] = {}
        for name, value in pairs:
            key = name.lower()
            self._fields[key] = f"{self._fields[key]}, {value}" if key in self._fields else value

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


class RequestRefusedError(Exception):
    """The request cannot be read: the server answers `status` with `reason` as text and closes the connection."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class ConnectionDroppedError(Exception):
    """Raised by an application to close the connection without a reply."""


@dataclass
class Request:
    """`path` is decoded and has no query; `raw_target` is what stood in the request line.

    `arguments` are the decoded placeholders of the matched route. `caller` and `is_unknown` are for the request log:
    set by the application that authenticates, and where nothing serves the path. Read either `body` (bounded) or
    `body_stream` (not bounded), not both.
    """

    method: str
    path: str
    raw_target: str = ""
    query: dict[str, list[str]] = field(default_factory=dict)
    headers: Headers = field(default_factory=Headers)
    body_stream: BinaryIO = field(default_factory=io.BytesIO)
    client: str = ""
    body_limit: int = BODY_LIMIT
    arguments: dict[str, str] = field(default_factory=dict)
    caller: str = ""
    is_unknown: bool = False
    is_secure: bool = False
    _body: bytes | None = field(default=None, init=False, repr=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port that the client came to, whatever name it has for them."""
        return f"{'https' if self.is_secure else 'http'}://{self.headers.get('Host', 'localhost')}"

    @contextmanager
    def received(self) -> Iterator[None]:
        """Inside, the whole body is here, however slowly the client sent it; what is large waits on disk for its turn.

        A body that breaks off is refused before anything has been done with its beginning.
        """
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
            size = 0
            while block := self.body_stream.read(_IN_MEMORY):
                size += len(block)
                self._refuse_beyond_limit(size)
                kept.write(block)
            kept.seek(0)
            self.body_stream = cast("BinaryIO", kept)
            with _LARGE_BODIES if size > _IN_MEMORY else nullcontext():
                try:
                    yield
                finally:
                    self._body = b""

    @property
    def body(self) -> bytes:
        """The whole body; more than `body_limit` bytes are refused with 413."""
        if self._body is None:
            # No cached_property: before Python 3.12 one client that sends slowly would hold up every other.
            content = self.body_stream.read(self.body_limit + 1)
            self._refuse_beyond_limit(len(content))
            self._body = content
        return self._body

    def parameter(self, name: str) -> str | None:
        """The first value of the query parameter `name`."""
        return next(iter(self.query.get(name, ())), None)

    def _refuse_beyond_limit(self, size: int) -> None:
        if size > self.body_limit:
            raise RequestRefusedError(413, f"body is larger than {self.body_limit} bytes")


@dataclass
class Response:
    """`chunks`, when given, is sent in place of `body` piece by piece. Who does not send a response closes it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] | None = None

    def close(self) -> None:
        """Let go of what `chunks` come from, however much of them was sent."""
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()


Application: TypeAlias = Callable[[Request], Response]


def json_response(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def text_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **(headers or {})})
