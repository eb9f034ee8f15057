"""A workspace on a socket, asked by `requests` and by whoever writes bytes."""
from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server

Ask = Callable[..., requests.Response]


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    with Server(workspace.application) as running:
        yield running


@pytest.fixture
def ask(server: Server, workspace: Workspace) -> Iterator[Ask]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {workspace.token}"
        yield lambda method, path, **more: session.request(method, server.url + path, timeout=30, **more)


def raw(server: Server, workspace: Workspace, head: str, body: bytes = b"") -> bytes:
    """Sends a request as it stands, with a token, and then no more; gives all that comes back."""
    data = f"{head}\r\nAuthorization: Bearer {workspace.token}\r\nConnection: close\r\n\r\n".encode() + body
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))
