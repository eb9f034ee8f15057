from __future__ import annotations

import io

import pytest

from sandbox.http.message import RequestRefusedError
from sandbox.http.request_head import RequestHead, read_head

GET = b"GET / HTTP/1.1\r\n"


def read(data: bytes) -> RequestHead:
    head = read_head(io.BytesIO(data))
    assert head is not None
    return head


@pytest.mark.parametrize(("version", "wish", "keeps"), [
    (b"1.1", b"", True), (b"1.1", b"Connection: Close\r\n", False), (b"1.0", b"", False),
    (b"1.0", b"Connection: Keep-Alive\r\n", True),
])
def test_connection_stays_by_version_and_wish(version: bytes, wish: bytes, keeps: bool) -> None:
    assert read(b"GET / HTTP/" + version + b"\r\n" + wish + b"\r\n").keeps_alive is keeps


@pytest.mark.parametrize("data", [
    b"", b"\r\n", b"\r\n\r\n" + GET + b"\r\n", GET[:-2], GET, GET + b"Host: x\r\n", GET + b"Host: x"])
def test_head_that_breaks_off_is_none(data: bytes) -> None:
    assert read_head(io.BytesIO(data)) is None


def test_one_empty_line_may_come_before_a_request() -> None:
    assert read(b"\r\n" + GET + b"Host: x\r\n\r\n").headers["host"] == "x"


@pytest.mark.parametrize(("target", "path"), [
    (b"/a%2Fb?c=/d", "/a%2Fb"), (b"http://host", "/"), (b"http://host/a?b", "/a"), (b"//host/a", "//host/a"),
    (b"*", "*")])
def test_path_is_read_from_either_form_of_a_target(target: bytes, path: str) -> None:
    head = read(b"GET " + target + b" HTTP/1.1\r\n\r\n")
    assert (head.method, head.raw_path) == ("GET", path)


def test_target_that_was_not_encoded_is_utf_8() -> None:
    head = read("GET /\u00fc%20?x=\u00e9\u4e2d HTTP/1.1\r\n\r\n".encode())
    assert (head.path, head.query) == ("/\u00fc ", {"x": ["\u00e9\u4e2d"]})


@pytest.mark.parametrize("line", [
    b"GET /", b"GET  HTTP/1.1", b"GET  / HTTP/1.1", b"G{T / HTTP/1.1", b"GET / HTTP/2.0", b"GET / http/1.1",
    b"GET http://[/ HTTP/1.1"])
def test_request_line_of_another_kind_is_refused(line: bytes) -> None:
    with pytest.raises(RequestRefusedError, match="request") as refused:
        read(line + b"\r\n\r\n")
    assert refused.value.status == 400


@pytest.mark.parametrize("field", [b"nocolon", b"a b: c", b": c", b" folded: c", b"a : c"])
def test_field_of_another_kind_is_refused(field: bytes) -> None:
    with pytest.raises(RequestRefusedError, match="is not 'Name: value'") as refused:
        read(GET + field + b"\r\n\r\n")
    assert refused.value.status == 400


@pytest.mark.parametrize("value", [b"b\rc", b"b\0c", b" b c \0"])
def test_control_characters_in_a_field_become_spaces(value: bytes) -> None:
    assert read(GET + b"a: " + value + b"\r\n\r\n").headers["a"] == "b c"


@pytest.mark.parametrize(("fields", "more"), [
    (b"a: b\r\n" * 100, b"a: b\r\n"),
    (b"a: " + b"b" * (64 * 1024 - 5) + b"\r\n", b"a: " + b"b" * (64 * 1024 - 4) + b"\r\n"),
    ((b"a: " + b"b" * (32 * 1024 - 3) + b"\r\n") * 4, b"a:\r\n")], ids=["number", "one line", "size"])
def test_fields_have_an_end(fields: bytes, more: bytes) -> None:
    assert read(GET + fields + b"\r\n").headers["a"]
    with pytest.raises(RequestRefusedError) as refused:
        read(GET + fields + more + b"\r\n")
    assert refused.value.status == 431
