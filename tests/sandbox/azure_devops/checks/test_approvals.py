"""Runs that wait until people approve."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.checks.approvals import ApprovalError
from sandbox.azure_devops.checks.protection import Approval, Approver
from sandbox.pipelines.request import Identity
from tests.sandbox.azure_devops.deployer import (
    ANNA,
    BEN,
    CARA,
    HELLO,
    Deployer,
    log_of,
    person,
    stage_of,
)

BOTH = (person(ANNA), person(BEN))


def test_a_stage_begins_when_all_approvers_agree(deployer: Deployer) -> None:
    deployer.protect(Approval(BOTH))
    deployer.commit(HELLO)
    run = deployer.queue()
    assert deployer.decide(BEN).status == "pending"
    assert deployer.decide(ANNA).status == "approved"
    deployer.finish()
    assert run.outcome == "succeeded"
    assert "approved by ben@example.com; approved by anna@example.com" in log_of(run)


def test_one_rejection_fails_the_stage(deployer: Deployer) -> None:
    deployer.protect(Approval(BOTH, minimum=1))
    deployer.commit(HELLO)
    run = deployer.queue()
    deployer.decide(BEN, approved=False)
    deployer.finish()
    assert (stage_of(run), run.outcome) == ("failed", "failed")
    assert "##[error]approval of environment 'churn-prod': rejected (rejected by ben@example.com)" in log_of(run)


def test_an_approval_that_nobody_gives_in_time_skips_the_stage(deployer: Deployer) -> None:
    deployer.protect(Approval(BOTH, timeout_minutes=2))
    deployer.commit(HELLO)
    run = deployer.queue()
    deployer.asked()
    deployer.clock.advance(121)
    deployer.finish()
    assert stage_of(run) == "skipped"
    assert "timedOut" in log_of(run)


def test_a_canceled_run_asks_nobody_any_more(deployer: Deployer) -> None:
    deployer.protect(Approval(BOTH))
    deployer.commit(HELLO)
    run = deployer.queue()
    [asked] = deployer.asked()
    run.cancelled.set()
    deployer.finish()
    assert (run.outcome, asked.status) == ("canceled", "canceled")


def test_a_rejection_withdraws_the_other_approvals(deployer: Deployer) -> None:
    deployer.protect(Approval((person(ANNA),)))
    deployer.protect(Approval((person(BEN),)))
    deployer.commit(HELLO)
    deployer.queue()
    first, second = deployer.asked(2)
    deployer.organisation.checkpoint.approvals.decide(first.id, ANNA, approved=False)
    deployer.finish()
    assert (first.status, second.status) == ("rejected", "canceled")


def test_a_later_phase_is_asked_after_an_earlier_one(deployer: Deployer) -> None:
    deployer.protect(Approval((person(ANNA),), phase="post-check approval"))
    deployer.protect(Approval((person(BEN),), phase="pre-check approval"))
    deployer.commit(HELLO)
    run = deployer.queue()
    for identity in (BEN, ANNA):
        deployer.decide(identity)
    deployer.finish()
    assert run.outcome == "succeeded"


REFUSED = [
    pytest.param(Approval(BOTH, requester_may_approve=False), ANNA, "asked for run 1 and may not", id="requester"),
    pytest.param(Approval(BOTH), CARA, "is not asked", id="stranger"),
    pytest.param(Approval(BOTH, in_sequence=True), BEN, "it waits for anna@example.com", id="out of turn"),
    pytest.param(Approval(BOTH, blocked=(person(BEN),)), BEN, "is barred from approval", id="blocked"),
]


@pytest.mark.parametrize(("check", "identity", "said"), REFUSED)
def test_whoever_may_not_decide_is_told_why(deployer: Deployer, check: Approval, identity: Identity, said: str) -> None:
    deployer.protect(check)
    deployer.commit(HELLO)
    run = deployer.queue()
    with pytest.raises(ApprovalError, match=said):
        deployer.decide(identity)
    run.cancelled.set()


def test_one_member_speaks_for_a_group_and_for_nobody_else(deployer: Deployer) -> None:
    team = Approver("team", frozenset({ANNA.email, BEN.email}))
    deployer.protect(Approval((team, person(BEN))))
    deployer.commit(HELLO)
    run = deployer.queue()
    deployer.decide(BEN)
    with pytest.raises(ApprovalError, match=r"has decided approval .* already"):
        deployer.decide(BEN)
    deployer.decide(ANNA)
    deployer.finish()
    assert run.outcome == "succeeded"


def test_runs_that_wait_for_people_need_no_agent(deployer: Deployer) -> None:
    deployer.protect(Approval(BOTH))
    deployer.commit(HELLO)
    runs = [deployer.queue() for _ in range(3)]
    asked = deployer.asked(3)
    assert {one.run for one in asked} == {run.id for run in runs}
    for run in runs:
        run.cancelled.set()
