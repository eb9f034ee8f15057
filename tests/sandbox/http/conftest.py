"""A server that echoes what it received, and the bytes-level client for what `requests` would never send."""
from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from sandbox.http.message import Request, Response, json_response
from sandbox.http.server import Server


def echo(request: Request) -> Response:
    return json_response({
        "method": request.method, "path": request.path, "query": request.query,
        "body": request.body.decode("latin-1"), "type": request.headers.get("content-type", ""),
    })


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(echo) as running:
        yield running


@pytest.fixture
def exchange(server: Server) -> Callable[[bytes], bytes]:
    """Sends raw bytes and returns everything the server answers until it closes the connection."""

    def send(data: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(data)
            received = b""
            while block := connection.recv(65536):
                received += block
            return received

    return send
