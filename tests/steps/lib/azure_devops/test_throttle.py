from __future__ import annotations

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from sandbox.http.message import Response, json_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.throttle import Throttle
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import PROJECTS, Service, connected, error, in_turn


def slow(**headers: str) -> Response:
    return json_response({"value": []}, headers={name.replace("_", "-"): value for name, value in headers.items()})


def after_two_calls(*replies: Response) -> FakeClock:
    clock, service = FakeClock(), Service(in_turn(*replies))
    with connected(service, clock) as devops:
        for _ in range(2):
            devops.send("POST", PROJECTS)
    assert len(service.calls) == 2
    return clock


def test_a_wait_asked_for_beside_a_success_is_kept_and_nothing_is_repeated() -> None:
    assert after_two_calls(slow(Retry_After="12"), slow()).slept == [12]


def test_one_call_that_is_given_up_holds_back_the_next_ones() -> None:
    clock, blocked = FakeClock(), error(429, "X", "TF400733: x", Retry_After="9000")
    with connected(Service(in_turn(blocked, slow())), clock) as devops:
        with pytest.raises(errors.Throttled):
            devops.send("POST", PROJECTS)
        assert clock.slept == []
        devops.send("POST", PROJECTS)
    assert clock.slept == [120]


def test_being_slowed_down_does_not_use_up_the_patience_for_failures() -> None:
    clock = FakeClock()
    with connected(Service(in_turn(slow(Retry_After="119"), error(503, "X", "x"), slow())), clock) as devops:
        devops.send("GET", PROJECTS)
        devops.send("GET", PROJECTS)
    assert len(clock.slept) == 2


def test_a_wait_is_not_shortened_by_a_reply_that_asks_for_none() -> None:
    clock, reply = FakeClock(), requests.Response()
    reply.status_code = 200
    throttle = Throttle(clock)
    for headers in ({"Retry-After": "20"}, {}):
        reply.headers = CaseInsensitiveDict(headers)
        throttle.note(reply)
    throttle.wait()
    assert clock.slept == [20]


def test_a_wait_without_end_is_cut() -> None:
    assert after_two_calls(slow(Retry_After="86400"), slow()).slept == [120]


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "soon"}, {"Retry_After": "0"}, {"X_RateLimit_Delay": "1.5"}])
def test_nothing_is_waited_for_that_was_not_asked(headers: dict[str, str]) -> None:
    assert after_two_calls(slow(**headers), slow()).slept == []


def test_being_slowed_down_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    after_two_calls(slow(X_RateLimit_Delay="1.5", X_RateLimit_Resource="Core"), slow(Retry_After="1"))
    said = [line for line in capsys.readouterr().out.splitlines() if "slows" in line]
    assert said == ["the organization slows this identity down (Core); going on at its pace"]
