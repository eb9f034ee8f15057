from __future__ import annotations

import pytest

from sandbox.http.message import Response, json_response
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import PROJECTS, Service, connected, in_turn


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


def test_a_wait_without_end_is_cut() -> None:
    assert after_two_calls(slow(Retry_After="86400"), slow()).slept == [120]


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "soon"}, {"Retry_After": "0"}, {"X_RateLimit_Delay": "1.5"}])
def test_nothing_is_waited_for_that_was_not_asked(headers: dict[str, str]) -> None:
    assert after_two_calls(slow(**headers), slow()).slept == []


def test_being_slowed_down_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    after_two_calls(slow(X_RateLimit_Delay="1.5", X_RateLimit_Resource="Core"), slow(Retry_After="1"))
    said = [line for line in capsys.readouterr().out.splitlines() if "slows" in line]
    assert said == ["the organization slows this identity down (Core); going on at its pace"]
