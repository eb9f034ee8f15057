"""A credential that has expired, and a service that asks for patience."""
from __future__ import annotations

import pytest

from sandbox.http.fault_json import fault_from_json
from sandbox.http.faults import Fault
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.in_place import ended_with
from tests.acceptance.setup.product import commits, expect_complete
from tests.set_up import set_up

PRESETS = ["sign-in refused", "sign-in page", "sign-in redirect"]


def fault(preset: str, path: str, **rest: object) -> Fault:
    return fault_from_json({"preset": preset, "path": path, **rest})


@pytest.mark.parametrize("preset", PRESETS)
def test_an_expired_credential_is_told_as_such(engineer: Engineer, preset: str) -> None:
    engineer.world.organisation.faults.add(fault(preset, "*/ConnectionData", times=None))
    printed = ended_with(engineer.world, 2)
    errors = [line for line in printed.splitlines() if "type=error" in line]
    assert len(errors) == 1, printed
    assert "ENTRA_CLIENT_SECRET" in errors[0]
    assert engineer.writes() == []


def test_a_credential_that_expires_between_two_steps_is_made_good_by_the_next_run(engineer: Engineer) -> None:
    faults = engineer.world.organisation.faults
    faults.add(fault("sign-in page", "*/build/Definitions", method="POST", times=None))
    run = engineer.set_up()
    assert run.outcome == "failed"
    assert "renew ENTRA_CLIENT_SECRET" in run.errors
    faults.clear()
    assert engineer.set_up().outcome == "succeeded"
    expect_complete(engineer)


def test_throttling_in_the_middle_is_waited_out(engineer: Engineer) -> None:
    faults = engineer.world.organisation.faults
    for path in ("*/pushes", "*/build/Definitions", "*/distributedtask/environments", "*/checks/configurations"):
        faults.add(fault("throttled", path, method="POST", headers={"Retry-After": "0"}, times=2))
    set_up(engineer.world)
    assert faults.waiting() == []
    assert commits(engineer) == 1
    expect_complete(engineer)
