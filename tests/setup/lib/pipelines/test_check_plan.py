from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from setup.lib.pipelines.check_plan import check_changes
from steps.lib.azure_devops.checks import (
    Check,
    Resource,
    approval,
    branch_control,
    exclusive_lock,
    required_template,
)

RESOURCE = Resource("environment", "12", "churn-prod")
TEMPLATE = required_template("platform/cicd", ["refs/tags/v1.0.0", "refs/tags/v1.1.0"], "pipelines/jobs.yml")
APPROVAL = approval(["A", "B"], minimum=1)


def kept(number: int, check: Check, **changed: Any) -> dict[str, Any]:
    """A check as the service shows it."""
    return {"id": number, **check.body(RESOURCE), **changed}


def said(wanted: list[Check], present: list[Mapping[str, Any]]) -> list[str]:
    return [str(change) for change in check_changes(wanted, present)]


def test_missing_checks_are_created() -> None:
    assert said([exclusive_lock(), APPROVAL], []) == ["create: exclusive lock", "create: approval"]


@pytest.mark.parametrize("check", [exclusive_lock(), APPROVAL, TEMPLATE, branch_control(["refs/heads/main"])],
                         ids=lambda check: check.kind)
def test_a_check_that_is_there_is_left(check: Check) -> None:
    assert said([check], [kept(3, check)]) == []


SAME = [
    pytest.param(APPROVAL, {**APPROVAL.settings, "approvers": [{"id": "b"}, {"id": "a", "displayName": "A"}]},
                 id="approvers in another order and case"),
    pytest.param(APPROVAL, {k: v for k, v in APPROVAL.settings.items() if k != "blockedApprovers"},
                 id="nobody blocked"),
    pytest.param(TEMPLATE, {"extendsChecks": [
        {**one, "templatePath": f"/{one['templatePath']}"} for one in reversed(TEMPLATE.settings["extendsChecks"])]},
        id="templates in another order"),
    pytest.param(branch_control(["refs/heads/main", "refs/tags/*"]), {
        **branch_control([]).settings, "inputs": {"allowedBranches": "refs/tags/*, refs/heads/main"}},
        id="branches in another order, defaults left out"),
]


@pytest.mark.parametrize(("check", "settings"), SAME)
def test_what_the_service_writes_another_way_is_the_same(check: Check, settings: Mapping[str, Any]) -> None:
    assert said([check], [kept(3, check, settings=settings)]) == []


DIFFERENT = [
    pytest.param(APPROVAL, approval(["A"], minimum=1), id="approvers"),
    pytest.param(APPROVAL, approval(["A", "B"], minimum=2), id="minimum"),
    pytest.param(APPROVAL, approval(["A", "B"], minimum=1, requester_may=True), id="requester"),
    pytest.param(APPROVAL, approval(["A", "B"], minimum=1, timeout=5), id="timeout"),
    pytest.param(approval(["A", "B"], minimum=0, in_sequence=True), approval(["B", "A"], minimum=0, in_sequence=True),
                 id="sequence"),
    pytest.param(TEMPLATE, required_template("platform/cicd", ["refs/tags/v1.0.0"], "pipelines/jobs.yml"), id="tags"),
    pytest.param(TEMPLATE, required_template("other/cicd", ["refs/tags/v1.0.0", "refs/tags/v1.1.0"],
                                             "pipelines/jobs.yml"), id="repository"),
    pytest.param(branch_control(["refs/heads/main"]), branch_control(["refs/heads/*"]), id="branches"),
]


@pytest.mark.parametrize(("wanted", "present"), DIFFERENT)
def test_a_check_that_differs_is_edited(wanted: Check, present: Check) -> None:
    [change] = check_changes([wanted], [kept(3, present)])
    assert (change.number, change.check) == (3, wanted)


def test_checks_of_kinds_that_are_not_wanted_are_somebody_elses() -> None:
    assert said([exclusive_lock()], [kept(1, APPROVAL), kept(2, exclusive_lock())]) == []


def test_a_second_approval_that_a_team_added_is_left() -> None:
    assert said([APPROVAL], [kept(1, APPROVAL), kept(2, approval(["C"], minimum=1))]) == []


def test_exact_doubles_are_taken_away_but_for_the_oldest() -> None:
    changes = check_changes([APPROVAL], [kept(9, APPROVAL), kept(4, APPROVAL)])
    assert [(change.check, change.number) for change in changes] == [(None, 9)]


def test_a_check_that_somebody_disabled_guards_nothing_and_gets_a_successor() -> None:
    assert said([APPROVAL], [kept(3, APPROVAL, isDisabled=True)]) == ["create: approval"]
    assert said([APPROVAL], [kept(3, APPROVAL, isDisabled=True), kept(4, APPROVAL)]) == []
