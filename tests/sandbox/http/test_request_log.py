from __future__ import annotations

import pytest

from sandbox.http.faults import Fault, Faults
from sandbox.http.message import ConnectionDroppedError, Request, Response, json_response
from sandbox.http.request_log import RequestLog


def named(request: Request) -> Response:
    request.caller = "anna@example.test"
    return json_response({}, status=201)


def test_entry_tells_what_was_asked_by_whom_and_the_answer() -> None:
    log = RequestLog(named)
    log(Request("POST", "/x", query={"a": ["1"]}))
    entry = log.entries()[0]
    assert (entry.method, entry.path, entry.query, entry.status) == ("POST", "/x", {"a": ["1"]}, 201)
    assert (entry.who, entry.is_write) == ("anna@example.test", True)


def test_lost_reply_has_status_0() -> None:
    faults = Faults(named)
    faults.add(Fault("/x", when="after"))
    log = RequestLog(faults)
    with pytest.raises(ConnectionDroppedError):
        log(Request("GET", "/x"))
    assert log.entries()[0].status == 0


def test_secret_in_a_query_is_not_kept() -> None:
    log = RequestLog(named)
    log(Request("GET", "/x", query={"access_token": ["s3cret"], "page_token": ["p"]}))
    assert log.entries()[0].query == {"access_token": ["***"], "page_token": ["p"]}


def test_writes_leaves_out_reads_and_clear_everything() -> None:
    log = RequestLog(named)
    for method in ("GET", "PUT"):
        log(Request(method, "/x"))
    assert [entry.method for entry in log.writes()] == ["PUT"]
    log.clear()
    assert log.entries() == []
