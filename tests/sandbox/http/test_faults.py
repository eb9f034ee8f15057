from __future__ import annotations

import io

import pytest
import requests

from sandbox.http.faults import Fault, Faults
from sandbox.http.message import ConnectionDroppedError, Headers, Request, Response, json_response
from sandbox.http.server import Server


class Counter:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _: Request) -> Response:
        self.calls += 1
        return json_response({})


def test_before_answers_in_place_of_the_handler_as_often_as_told() -> None:
    """A11: a status n times, before the handler."""
    handler = Counter()
    faults = Faults(handler)
    faults.add(Fault("/api/*", status=429, headers={"Retry-After": "1"}, times=2))
    statuses = [faults(Request("GET", "/api/x")).status for _ in range(3)]
    assert (statuses, handler.calls) == ([429, 429, 200], 1)


def test_after_lets_the_handler_run_and_loses_the_reply() -> None:
    """A11: a lost reply."""
    handler = Counter()
    faults = Faults(handler)
    faults.add(Fault("/x", when="after"))
    with Server(faults) as server, pytest.raises(requests.ConnectionError):
        requests.post(server.url + "/x", timeout=30)
    assert handler.calls == 1


def test_what_a_lost_reply_was_to_come_from_is_let_go() -> None:
    source = io.BytesIO()
    faults = Faults(lambda _: Response(chunks=source))
    faults.add(Fault("/x", when="after"))
    with pytest.raises(ConnectionDroppedError):
        faults(Request("GET", "/x"))
    assert source.closed


def test_status_0_drops_the_connection_before_the_handler() -> None:
    handler = Counter()
    faults = Faults(handler)
    faults.add(Fault("/x", status=0))
    with Server(faults) as server, pytest.raises(requests.ConnectionError):
        requests.get(server.url + "/x", timeout=30)
    assert handler.calls == 0


def test_late_only_waits() -> None:
    waits: list[float] = []
    faults = Faults(Counter(), sleep=waits.append)
    faults.add(Fault("/x", when="late", delay=3.5))
    assert faults(Request("GET", "/x")).status == 200
    assert waits == [3.5]


def test_stale_answers_as_it_was_before_the_write() -> None:
    values = iter(range(10))
    faults = Faults(lambda _: json_response(next(values)))
    faults(Request("GET", "/x"))
    faults(Request("PUT", "/x"))
    faults.add(Fault("/x", method="GET", when="stale"))
    assert [faults(Request("GET", "/x")).body for _ in range(2)] == [b"0", b"2"]


def test_stale_never_shows_what_another_caller_read() -> None:
    callers = [Headers([("Authorization", f"Bearer {name}")]) for name in ("a", "b")]
    faults = Faults(lambda request: json_response(request.headers["Authorization"]))
    faults(Request("GET", "/x", headers=callers[0]))
    faults.add(Fault("/x", when="stale"))
    assert faults(Request("GET", "/x", headers=callers[1])).body == b'"Bearer b"'


@pytest.mark.parametrize(("method", "path"), [("GET", "/other"), ("POST", "/x")])
def test_request_that_does_not_fit_is_untouched(method: str, path: str) -> None:
    faults = Faults(Counter())
    faults.add(Fault("/x", method="GET"))
    assert faults(Request(method, path)).status == 200
    assert len(faults.waiting()) == 1


def test_fault_without_times_strikes_until_cleared() -> None:
    faults = Faults(Counter())
    faults.add(Fault("/x", times=None))
    assert [faults(Request("GET", "/x")).status for _ in range(3)] == [503] * 3
    faults.clear()
    assert faults(Request("GET", "/x")).status == 200
