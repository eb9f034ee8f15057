"""Clients that lie, stall, crowd and leave: the others are served, and no thread ends with a traceback."""
from __future__ import annotations

import contextlib
import errno
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.http.connection import Connection
from sandbox.http.message import Request, Response, json_response
from sandbox.http.server import Server

Exchange = Callable[[bytes], bytes]
_PIECES = st.sampled_from([
    b"GET / HTTP/1.1\r\n", b"POST /x HTTP/1.1\r\n", b"Host: x\r\n", b"Content-Length: 5\r\n", b"\r\n", b"hello",
    b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n",
    b"ffffffffffffffffffff\r\n", b"0\r\n", b"GET http://[/ HTTP/1.1\r\n", b"GET //[/?a HTTP/1.1\r\n", b"\x00\xff",
    b"HEAD * HTTP/1.0\r\n", b"Authorization: Bearer \xff\x00\xfe\r\n", b"CONNECT a:1 HTTP/1.1\r\n",
])


def open_to(server: Server, data: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    connection.sendall(data)
    return connection


def finished(server: Server, data: bytes) -> bytes:
    """What comes back for `data` from a client that says that it will send no more; nothing if it was cut off."""
    with contextlib.suppress(OSError), open_to(server, data) as connection:
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))
    return b""


@given(data=st.lists(st.one_of(_PIECES, st.binary(max_size=12)), max_size=8).map(b"".join))
@settings(max_examples=150, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_or_ends_the_connection(server: Server, data: bytes) -> None:
    answer = finished(server, data)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer


@pytest.mark.parametrize("target", [b"http://[/x", b"http://[::1/x"])
def test_an_address_that_is_none_is_refused(exchange: Exchange, target: bytes) -> None:
    assert exchange(b"GET " + target + b" HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_path_that_looks_like_an_address_is_a_path(exchange: Exchange) -> None:
    assert b'"path": "//[/", "query": {"a": ["1"]}' in exchange(b"GET //[/?a=1#b HTTP/1.1\r\nConnection: close\r\n\r\n")


def test_half_a_body_never_reaches_what_comes_after_reading() -> None:
    done = threading.Event()

    def write(request: Request) -> Response:
        with request.received():
            done.set()
        return json_response({})

    with Server(write) as server:
        assert finished(server, b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf").startswith(b"HTTP/1.1 400")
        assert not done.is_set()
        finished(server, b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nfull")
        assert done.is_set()


def test_client_that_is_gone_before_its_answer_leaves_no_traceback() -> None:
    going = threading.Event()

    def wait(_: Request) -> Response:
        assert going.wait(30)
        return Response(body=b"x" * 10_000_000)

    with Server(wait) as server:
        open_to(server, b"GET / HTTP/1.1\r\n\r\n").close()
        going.set()


def test_client_that_is_gone_before_the_rest_is_read_away_leaves_no_traceback() -> None:
    class Gone(socket.socket):
        def shutdown(self, _: int) -> None:
            raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    ours, theirs = socket.socketpair()
    with theirs, Gone(fileno=ours.detach()) as connection:
        theirs.sendall(b"nonsense\r\n\r\n")
        Connection(connection, lambda _: Response(), "", 100).serve()
        assert theirs.recv(12) == b"HTTP/1.1 400"


def test_what_a_streamed_answer_comes_from_is_let_go_although_the_client_is_gone() -> None:
    source = io.BytesIO(b"x")
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(b"GET / HTTP/1.1\r\n\r\n")
        theirs.close()
        Connection(ours, lambda _: Response(chunks=source), "", 100).serve()
    assert source.closed


def test_large_answers_to_clients_that_do_not_read_are_not_kept_in_memory() -> None:
    responses: list[Response] = []

    def answer(_: Request) -> Response:
        responses.append(Response(body=b"x" * 10_000_000))
        return responses[-1]

    with Server(answer) as server, open_to(server, b"GET / HTTP/1.1\r\n\r\n") as client:
        assert client.recv(12) == b"HTTP/1.1 200"
        deadline = time.monotonic() + 30
        while responses[0].body and time.monotonic() < deadline:
            time.sleep(0.01)
        assert responses[0].body == b""
        assert len(requests.get(server.url, timeout=30).content) == 10_000_000


def test_large_answer_arrives_although_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("sandbox.http.connection.TemporaryFile", FullDisk)
    with Server(lambda _: Response(body=b"x" * 2_000_000)) as server:
        assert requests.get(server.url, timeout=30).content == b"x" * 2_000_000


@pytest.fixture
def crowd(server: Server) -> Iterator[list[socket.socket]]:
    """200 clients who have begun to ask and do not go on."""
    with ExitStack() as stack:
        yield [stack.enter_context(open_to(server, b"POST /%d HTTP/1.1\r\nContent-Length: 2\r\n\r\n1" % number))
               for number in range(200)]


def test_200_clients_that_stall_hold_up_nobody(server: Server, crowd: list[socket.socket]) -> None:
    assert requests.get(server.url, timeout=30).status_code == 200
    for number, client in enumerate(crowd):
        client.sendall(b"2")
        assert f'"path": "/{number}"'.encode() in client.recv(4096)


def test_client_beyond_the_most_is_turned_away_until_one_leaves(server: Server) -> None:
    server.connection_limit = 1
    with open_to(server, b"GET / HTTP/1.1\r\n\r\n") as first:
        assert first.recv(12) == b"HTTP/1.1 200"
        assert finished(server, b"").startswith(b"HTTP/1.1 503")
    while not finished(server, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200"):
        time.sleep(0.01)


def test_port_stays_open_when_accepting_fails_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        """The system has no file descriptor left, once."""

        def __init__(self, listener: socket.socket) -> None:
            self._listener = listener
            self.failures = 0

        def accept(self) -> tuple[socket.socket, object]:
            if not self.failures:
                self.failures += 1
                raise OSError
            return self._listener.accept()

        def close(self) -> None:
            self._listener.close()

    failing = Failing(server._listener)
    monkeypatch.setattr(server, "_listener", failing)
    assert {finished(server, b"GET / HTTP/1.1\r\n\r\n")[:12] for _ in range(3)} == {b"HTTP/1.1 200"}
    assert failing.failures == 1
