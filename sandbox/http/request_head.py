"""Reads the request line and the header fields of an HTTP/1.x request (RFC 9112 §3 and §5)."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.http.message import Headers, RequestRefusedError

_LINE_LIMIT = 64 * 1024
_FIELD_LIMIT = 100
_FIELDS_BYTES = 128 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_VALUE = re.compile(r"[\0\r]")  # become spaces: RFC 9110 §5.5


@dataclass(frozen=True)
class RequestHead:
    """`raw_path` is still percent-encoded: a `%2F` in it is part of a name, not a separator."""

    method: str
    raw_target: str
    version: str
    headers: Headers

    @property
    def raw_path(self) -> str:
        return raw_path(self.raw_target)

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.raw_target.partition("#")[0].partition("?")[2], keep_blank_values=True)

    @property
    def keeps_alive(self) -> bool:
        wish = self.headers.get("Connection", "").lower()
        return "close" not in wish if self.version == "HTTP/1.1" else "keep-alive" in wish


def raw_path(target: str) -> str:
    """The path of a request target in origin form (`/a?b`) or, as sent to a proxy, absolute form."""
    if target.startswith("/"):
        return target.partition("?")[0]
    return urlsplit(target).path or "/"


def read_head(reader: BinaryIO) -> RequestHead | None:
    """The next request's head, or None where the client has closed the connection, be it within the head."""
    line = _line(reader)
    if line == "":
        line = _line(reader)  # RFC 9112 §2.2: an empty line before the request line is ignored
    if not line:
        return None
    words = line.split(" ")
    if len(words) != 3 or not _TOKEN.fullmatch(words[0]) or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise RequestRefusedError(400, "request line is not 'METHOD target HTTP/1.1'")
    if not _is_target(words[1]):
        raise RequestRefusedError(400, "request target is neither a path nor an address")
    headers = _fields(reader)
    return RequestHead(words[0], _encoded(words[1]), words[2], headers) if headers is not None else None


def _encoded(target: str) -> str:
    """As it should have been sent: curl leaves what is not ASCII as it is, in UTF-8."""
    return _NOT_ASCII.sub(lambda found: f"%{ord(found[0]):02X}", target)


def _is_target(text: str) -> bool:
    """An address can be wrong in ways that only reading it shows, such as a bracket that never closes."""
    try:
        return bool(text) and (text.startswith("/") or bool(urlsplit(text)))
    except ValueError:
        return False


def _fields(reader: BinaryIO) -> Headers | None:
    """None where they break off: what is missing could have changed what the request means."""
    pairs: list[tuple[str, str]] = []
    size = 0
    while line := _line(reader):
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name):
            raise RequestRefusedError(400, f"header field {name!r} is not 'Name: value'")
        pairs.append((name, _NO_VALUE.sub(" ", value).strip()))
        size += len(line)
        if size > _FIELDS_BYTES:
            raise RequestRefusedError(431, f"header fields are larger than {_FIELDS_BYTES} bytes")
        if len(pairs) > _FIELD_LIMIT:
            raise RequestRefusedError(431, f"more than {_FIELD_LIMIT} header fields")
    return Headers(pairs) if line is not None else None


def _line(reader: BinaryIO) -> str | None:
    """One line without its end; None at the end of the stream."""
    line = reader.readline(_LINE_LIMIT + 1)
    if len(line) > _LINE_LIMIT:
        raise RequestRefusedError(431, f"line is longer than {_LINE_LIMIT} bytes")
    if not line.endswith(b"\n"):
        return None
    return line.rstrip(b"\r\n").decode("latin-1")
