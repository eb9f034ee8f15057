from __future__ import annotations

import pytest

from sandbox.http.faults import Fault, Faults
from sandbox.http.message import json_response
from sandbox.http.request_log import RequestLog
from sandbox.http.server import Server
from steps.lib.databricks.client import Databricks, Target
from steps.lib.databricks.rates import Rates
from steps.lib.http.session import open_session
from tests.steps.fake_clock import FakeClock

CREATE = "/api/2.2/jobs/create"


@pytest.mark.parametrize("call", [
    "POST /api/2.2/jobs/create", "POST /api/2.1/jobs/run-now", "POST /api/2.2/jobs/runs/submit",
    "GET /api/2.2/jobs/runs/get", "GET /api/2.0/permissions/jobs/1", "PUT /api/2.0/permissions/clusters/a-b"])
def test_families_with_a_documented_rate_have_a_pace(call: str) -> None:
    assert Rates(FakeClock()).of(call) is not None


@pytest.mark.parametrize("call", ["GET /api/2.2/jobs/list", "GET /api/2.2/jobs/runs/get-output", "GET /x"])
def test_other_calls_have_none(call: str) -> None:
    assert Rates(FakeClock()).of(call) is None


def test_reads_and_writes_of_permissions_are_two_families() -> None:
    rates = Rates(FakeClock())
    read, put, patch = (rates.of(f"{method} /api/2.0/permissions/jobs/1") for method in ("GET", "PUT", "PATCH"))
    assert (read is put, put is patch) == (False, True)


def test_call_turned_away_is_sent_again_whatever_it_is_and_the_next_waits_too() -> None:
    clock = FakeClock()
    faults = Faults(lambda _: json_response({}))
    log = RequestLog(faults)
    faults.add(Fault(CREATE, status=429, headers={"Retry-After": "3"}))
    with Server(log) as server, open_session(server.url, {}) as session:
        client = Databricks(Target(server.url, "f"), session, clock=clock)
        for _ in range(30):
            client.post(CREATE, {})
    assert len(log.entries()) == 31
    assert clock.slept[0] == 3
    assert clock.monotonic() == pytest.approx(3 + 15 / 20, abs=0.06)
