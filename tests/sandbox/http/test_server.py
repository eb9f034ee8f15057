from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from sandbox.entra.tls import local_tls
from sandbox.http.message import Request, Response, json_response, text_response
from sandbox.http.server import Server

Exchange = Callable[[bytes], bytes]


def test_two_requests_share_one_connection(exchange: Exchange) -> None:
    answer = exchange(b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.index(b"/one") < answer.index(b"/two")


def test_request_line_in_absolute_form_is_understood(exchange: Exchange) -> None:
    """A1: as a proxy is asked."""
    answer = exchange(b"GET http://host.test/a/b?c=1 HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b'"path": "/a/b", "query": {"c": ["1"]}' in answer


def test_http_1_0_connection_closes_after_one_reply(exchange: Exchange) -> None:
    assert b"Connection: close" in exchange(b"GET / HTTP/1.0\r\n\r\n")


def test_get_may_carry_a_body_and_any_content_type(server: Server) -> None:
    """A3: and A6."""
    reply = requests.get(server.url, data='{"name": "a"}', headers={"Content-Type": "text/json"}, timeout=30).json()
    assert (reply["body"], reply["type"]) == ('{"name": "a"}', "text/json")


def test_repeated_and_empty_query_values_are_kept(server: Server) -> None:
    """A5: the last one does not win."""
    reply = requests.get(server.url + "/x?a=1&a=2&b=", timeout=30).json()
    assert reply["query"] == {"a": ["1", "2"], "b": [""]}


def test_chunked_body_is_put_together(server: Server) -> None:
    reply = requests.post(server.url, data=iter([b"one ", b"two"]), timeout=30).json()
    assert reply["body"] == "one two"


@pytest.mark.parametrize(("head", "status"), [
    (b"nonsense\r\n\r\n", b"400"),
    (b"GET / HTTP/2\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", b"431"),
    (b"GET / HTTP/1.1\r\n" + (b"a: " + b"b" * 60_000 + b"\r\n") * 3 + b"\r\n", b"431"),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"431"),
    (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", b"400"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
], ids=["request line", "version", "header", "fields", "long fields", "long line", "length", "long length",
        "long chunk", "two lengths", "coding", "chunk"])
def test_unreadable_request_is_refused_once(exchange: Exchange, head: bytes, status: bytes) -> None:
    answer = exchange(head)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.count(b"HTTP/1.1 4") == 1


def test_refusal_arrives_although_more_was_sent_than_read(exchange: Exchange) -> None:
    assert exchange(b"nonsense\r\n" + b"x" * 2_000_000).startswith(b"HTTP/1.1 400")


def test_body_over_the_limit_is_413(server: Server) -> None:
    server.body_limit = 10
    reply = requests.post(server.url, data=b"x" * 3_000_000, timeout=30)
    assert (reply.status_code, reply.text) == (413, "body is larger than 10 bytes")


def test_client_that_expects_100_is_invited_to_send(exchange: Exchange) -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    assert exchange(head + b"hi").startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_client_that_expects_100_is_not_invited_when_the_body_is_not_wanted() -> None:
    with Server(lambda _: text_response("no", 401)) as server, socket.create_connection(
            ("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        received = b"".join(iter(lambda: client.recv(4096), b""))
    assert received.startswith(b"HTTP/1.1 401")


def test_streamed_reply_arrives_in_chunks_and_its_source_is_closed() -> None:
    closed = threading.Event()

    def blocks() -> Iterator[bytes]:
        try:
            yield from (b"one ", b"", b"two")
        finally:
            closed.set()

    with Server(lambda _: Response(chunks=blocks())) as server:
        reply = requests.get(server.url, timeout=30)
    assert (reply.text, reply.headers["Transfer-Encoding"]) == ("one two", "chunked")
    assert closed.is_set()


def test_source_of_a_stream_is_closed_when_the_client_leaves() -> None:
    closed = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            closed.set()

    source = endless()
    with Server(lambda _: Response(chunks=source)) as server:
        requests.get(server.url, stream=True, timeout=30).close()
        assert closed.wait(30)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_reply_without_content_sends_none(method: str, status: int) -> None:
    with Server(lambda _: text_response("text", status)) as server, requests.Session() as session:
        first = session.request(method, server.url, timeout=30)
        second = session.request(method, server.url, timeout=30)
    assert (first.content, second.status_code) == (b"", status)


def test_stop_closes_idle_connections_and_the_port() -> None:
    server = Server(lambda _: json_response({}))
    with server, requests.Session() as session:
        session.get(server.url, timeout=30)
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(server.url, timeout=30)


def test_url_is_known_before_the_start() -> None:
    server = Server(lambda _: json_response({}))
    url = server.url
    server.stop()
    assert url.startswith("http://127.0.0.1:")


def test_an_address_beyond_loopback_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loopback only"):
        Server(lambda _: json_response({}), host="0.0.0.0")  # noqa: S104 - the address that must be refused


def test_requests_are_served_side_by_side() -> None:
    both = threading.Barrier(2, timeout=30)

    def meet(_: Request) -> Response:
        both.wait()
        return json_response({})

    with Server(meet) as server:
        other = threading.Thread(target=requests.get, args=(server.url,), kwargs={"timeout": 30})
        other.start()
        assert requests.get(server.url, timeout=30).status_code == 200
        other.join()


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> list[threading.ExceptHookArgs]:
    """What would have been printed as the traceback of a server thread."""
    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    return seen


def test_failing_handler_answers_500_and_shows_its_traceback(crashes: list[threading.ExceptHookArgs]) -> None:
    def fail(_: Request) -> Response:
        raise FileNotFoundError

    with Server(fail) as server:
        assert requests.get(server.url, timeout=30).status_code == 500
    assert isinstance(crashes[0].exc_value, RuntimeError)
    assert isinstance(crashes[0].exc_value.__cause__, FileNotFoundError)


def test_line_break_in_a_response_header_never_leaves(crashes: list[threading.ExceptHookArgs]) -> None:
    split = Response(headers={"X-A": "b\r\nX-C: d"})
    with Server(lambda _: split) as server, pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=30)
    assert crashes


def test_one_port_serves_clients_with_and_without_tls(server: Server, tmp_path: Path) -> None:
    tls = local_tls(tmp_path)
    server.also_tls = tls.context
    for scheme in ("http", "https"):
        reply = requests.get(f"{scheme}://127.0.0.1:{server.port}/a", timeout=30, verify=str(tls.ca_file))
        assert reply.json()["path"] == "/a"


def test_port_without_certificate_does_not_answer_tls(server: Server) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{server.port}/", timeout=30)
