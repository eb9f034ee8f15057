from __future__ import annotations

import json

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.rate_limits import DOCUMENTED, RateLimit, RateLimits
from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Request, Response
from tests.sandbox.databricks.conftest import Client


def ask(limits: RateLimits, path: str = "/api/2.2/jobs/create", method: str = "POST") -> Response:
    return limits(Request(method, path))


@pytest.fixture
def limits(clock: FakeClock) -> RateLimits:
    return RateLimits(lambda _: Response(200), clock.now)


def test_nothing_is_throttled_until_it_is_asked_for(limits: RateLimits) -> None:
    assert {ask(limits).status for _ in range(500)} == {200}


def test_request_beyond_the_rate_is_refused_and_told_when_to_come_again(limits: RateLimits) -> None:
    limits.set()
    replies = [ask(limits) for _ in range(21)]
    assert [reply.status for reply in replies] == [200] * 20 + [429]
    assert json.loads(replies[-1].body) == {
        "error_code": "REQUEST_LIMIT_EXCEEDED",
        "message": "Too many requests: the rate limit of this API has been exceeded."}
    assert replies[-1].headers["Retry-After"] == "1"


def test_burst_comes_at_once_and_the_rest_at_the_rate(limits: RateLimits, clock: FakeClock) -> None:
    limits.set([RateLimit("*", 0.1, burst=3)])
    replies = [ask(limits) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[-1].headers["Retry-After"] == "10"
    clock.advance(5)
    assert ask(limits).headers["Retry-After"] == "5"


def test_allowance_comes_back_with_time(limits: RateLimits, clock: FakeClock) -> None:
    limits.set()
    for _ in range(20):
        ask(limits)
    clock.advance(0.5)
    assert [ask(limits).status for _ in range(11)] == [200] * 10 + [429]


def test_allowance_does_not_grow_beyond_a_second(limits: RateLimits, clock: FakeClock) -> None:
    limits.set()
    clock.advance(60)
    assert [ask(limits).status for _ in range(21)][-1] == 429


def test_retry_after_can_be_left_out(limits: RateLimits) -> None:
    limits.set([RateLimit("*", 1)], retry_after=False)
    assert "Retry-After" not in [ask(limits) for _ in range(2)][1].headers


def test_families_do_not_share_an_allowance_and_versions_do(limits: RateLimits) -> None:
    limits.set()
    for version in ("2.1", "2.2"):
        for _ in range(10):
            ask(limits, f"/api/{version}/jobs/create")
    assert ask(limits, "/api/2.0/jobs/create").status == 429
    assert ask(limits, "/api/2.2/jobs/run-now").status == 200


@pytest.mark.parametrize(("methods", "allowed"), [(("GET",), 100), (("PUT", "PATCH"), 30)])
def test_permissions_are_written_slower_than_read(limits: RateLimits, methods: tuple[str, ...], allowed: int) -> None:
    limits.set(DOCUMENTED)
    path = "/api/2.0/permissions/jobs/1"
    statuses = [ask(limits, path, methods[number % len(methods)]).status for number in range(allowed + 1)]
    assert statuses == [200] * allowed + [429]


def test_limits_can_be_switched_off_again(limits: RateLimits) -> None:
    limits.set([RateLimit("*", 1)])
    limits.clear()
    assert {ask(limits).status for _ in range(5)} == {200}


def test_workspace_throttles_when_told(workspace: Workspace, admin: Client) -> None:
    workspace.rate_limits.set([RateLimit("/api/2.2/jobs/list", 1)])
    assert [admin.get("2.2/jobs/list").status for _ in range(2)] == [200, 429]
