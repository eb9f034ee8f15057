"""Serves the requests of one connection, one after the other, until either side closes it."""
from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import BinaryIO

from sandbox.http.body import body_stream, drain
from sandbox.http.message import (
    Application,
    ConnectionDroppedError,
    Request,
    RequestRefusedError,
    Response,
    text_response,
)
from sandbox.http.request_head import RequestHead, read_head

_DRAIN_LIMIT = 64 * 1024 * 1024
_BLOCK = 64 * 1024
_LARGE = 1024 * 1024
_LINGER_BLOCKS = 64
_LINGER_SECONDS = 1.0
_BODILESS = {204, 304}
_FIELD_BREAK = re.compile(r"[\r\n\0]")


@dataclass(frozen=True)
class Connection:
    """An accepted socket, TLS already done, and the application that answers on it."""

    socket: socket.socket
    application: Application
    client: str
    body_limit: int

    def serve(self) -> None:
        """Answer until the connection ends; a client that goes away in between is no error."""
        try:
            with self.socket.makefile("rb") as reader:
                while self._serve_one(reader):
                    pass
        except (ConnectionError, TimeoutError, ssl.SSLError, ConnectionDroppedError):
            return

    def _serve_one(self, reader: BinaryIO) -> bool:
        """True if another request may follow on this connection."""
        try:
            head = read_head(reader)
            return head is not None and self._answer(head, reader)
        except RequestRefusedError as refusal:
            self._send(text_response(refusal.reason, refusal.status), None, keep_alive=False)
            self._linger()
            return False

    def _linger(self) -> None:
        """Read away a little of what was not understood: closing on unread input would destroy the reply."""
        # A client that is gone already makes the first of these fail.
        with contextlib.suppress(OSError):
            self.socket.settimeout(_LINGER_SECONDS)
            self.socket.shutdown(socket.SHUT_WR)
            for _ in range(_LINGER_BLOCKS):
                if not self.socket.recv(_BLOCK):
                    return

    def _answer(self, head: RequestHead, reader: BinaryIO) -> bool:
        awaited = [True] if head.headers.get("Expect", "").lower() == "100-continue" else []

        def invite() -> None:
            if awaited:
                awaited.clear()
                self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

        stream = body_stream(reader, head.headers, invite)
        request = Request(head.method, head.path, head.raw_target, head.query, head.headers, stream,
                          self.client, self.body_limit, is_secure=isinstance(self.socket, ssl.SSLSocket))
        with contextlib.closing(self._ask(request)) as response:
            # A client still waiting for "100 Continue" has sent no body and may never send it.
            keep_alive = head.keeps_alive and not awaited and "Connection" not in response.headers
            self._send(response, head, keep_alive=keep_alive)
        return not awaited and _drained(stream) and keep_alive

    def _ask(self, request: Request) -> Response:
        try:
            return self.application(request)
        except RequestRefusedError as refusal:
            return text_response(refusal.reason, refusal.status, {"Connection": "close"})
        except ConnectionDroppedError:
            raise
        except Exception as bug:
            # The client gets an answer, and the traceback still reaches stderr (and fails a test).
            self._send(text_response("the sandbox has a bug: see its log", 500), None, keep_alive=False)
            message = f"{request.method} {request.path} failed"
            raise RuntimeError(message) from bug

    def _send(self, response: Response, head: RequestHead | None, *, keep_alive: bool) -> None:
        chunked = response.chunks is not None and head is not None and head.version == "HTTP/1.1"
        fields = {"Connection": "keep-alive" if keep_alive else "close", **response.headers}
        if chunked:
            fields["Transfer-Encoding"] = "chunked"
        elif response.chunks is None and response.status not in _BODILESS:
            fields["Content-Length"] = str(len(response.body))
        silent = response.status in _BODILESS or (head is not None and head.method == "HEAD")
        if len(response.body) > _LARGE and not silent:
            self.socket.sendall(_head_bytes(response.status, fields))
            self._send_large(response)
            return
        # Head and body leave in one packet: two would wait for the client's delayed acknowledgement.
        self.socket.sendall(_head_bytes(response.status, fields) + (b"" if silent else response.body))
        if response.chunks is not None:
            self._send_chunks(response, chunked=chunked, silent=silent)

    def _send_large(self, response: Response) -> None:
        """However slowly clients read: what waits for them does so on disk, unless that is full."""
        with TemporaryFile() as kept:
            try:
                kept.write(response.body)
                kept.seek(0)
            except OSError:
                self.socket.sendall(response.body)
                return
            response.body = b""
            self.socket.sendfile(kept)

    def _send_chunks(self, response: Response, *, chunked: bool, silent: bool) -> None:
        chunks = response.chunks or ()
        for block in _framed(chunks) if chunked else chunks:
            if not silent:
                self.socket.sendall(block)


def _drained(stream: BinaryIO) -> bool:
    """A reply may be lost when the connection closes on unread input, so that is read away first."""
    with contextlib.suppress(RequestRefusedError):
        return drain(stream, _DRAIN_LIMIT)
    return False


def _head_bytes(status: int, fields: dict[str, str]) -> bytes:
    for name, value in fields.items():
        if _FIELD_BREAK.search(name + value):
            message = f"response header {name!r} holds a line break"
            raise AssertionError(message)
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _framed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for block in chunks:
        if block:
            yield b"%x\r\n%s\r\n" % (len(block), block)
    yield b"0\r\n\r\n"
