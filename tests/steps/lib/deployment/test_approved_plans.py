from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from steps.lib.deployment.approved_plans import ApprovedPlans, StalePlanError, differences
from steps.lib.deployment.step_plan import StepPlan
from steps.lib.errors import InputError

OLD, NEW = "1120-101010-0a1b2c3d", "1120-202020-4e5f6a7b"
GRANT = ["edit: permissions of cluster to be created", "  grant CAN_MANAGE to a", "  grant CAN_RESTART to b"]
JOB = ["edit: job dev-churn-train (7)", "  timeout_seconds: 60 -> 90"]
PLAN = StepPlan("a_step", "https://h.test", "17", "c0ffee", tuple(JOB), {"cluster_config.json": "1"})


@pytest.fixture
def approved(tmp_path: Path) -> ApprovedPlans:
    PLAN.write(tmp_path)
    return ApprovedPlans(tmp_path / "plans")


@pytest.mark.parametrize(("before", "after"), [
    pytest.param(JOB, JOB, id="the same"),
    pytest.param(["unchanged: cluster 'x' (1, RUNNING)"], ["start: cluster 'x' (1, TERMINATED)"], id="cluster stopped"),
    pytest.param(["edit: cluster 'x' (1, TERMINATED)", "  a: 1 -> 2"],
                 ["edit and start: cluster 'x' (1, RUNNING)", "  a: 1 -> 2"], id="edited cluster stopped"),
    pytest.param(["edit: libraries: 1 to install", "  install pypi a (waits for a restart)",
                  "  pypi b was removed and leaves at the next restart"],
                 ["edit: libraries: 1 to install", "  install pypi a"], id="cluster restarted"),
    pytest.param(GRANT, ["edit: permissions of cluster 9", "  grant CAN_RESTART to b"], id="created with a part of it"),
    pytest.param(GRANT, ["unchanged: permissions of cluster 9"], id="created with all of it"),
    pytest.param(["run: job 'x' (to be created), at most 60 s"], ["run: job 'x' (7), at most 60 s"], id="tried"),
    pytest.param([*GRANT, *JOB], [*JOB, "unchanged: permissions of cluster 9"], id="in another order"),
])
def test_plans_are_one(before: list[str], after: list[str]) -> None:
    assert differences(before, after) == []


@pytest.mark.parametrize(("before", "after", "told"), [
    pytest.param(JOB, ["unchanged: job dev-churn-train (7)"],
                 ["approved, and not to be done now: edit: job dev-churn-train (7); timeout_seconds: 60 -> 90",
                  "to be done now, and not approved: unchanged: job dev-churn-train (7)"], id="done by hand"),
    pytest.param(JOB, [JOB[0], "  timeout_seconds: 70 -> 90"],
                 ["approved, and not to be done now: edit: job dev-churn-train (7); timeout_seconds: 60 -> 90",
                  "to be done now, and not approved: edit: job dev-churn-train (7); timeout_seconds: 70 -> 90"],
                 id="edited by hand"),
    pytest.param(JOB, [*JOB, "delete: job old (8)"], ["to be done now, and not approved: delete: job old (8)"],
                 id="one more"),
    pytest.param(GRANT, ["edit: permissions of cluster 9", "  grant CAN_MANAGE to eve"],
                 ["to be done now, and not approved: edit: permissions of cluster 9; grant CAN_MANAGE to eve"],
                 id="more than approved for a new one"),
    pytest.param(GRANT, ["delete: job old (8)"], ["to be done now, and not approved: delete: job old (8)"],
                 id="a deletion in place of something new"),
    pytest.param(["unchanged: a"], [], ["approved, and not to be done now: unchanged: a"], id="one less"),
])
def test_differences_are_told(before: list[str], after: list[str], told: list[str]) -> None:
    assert differences(before, after) == told


def test_the_approved_plan_is_applied(approved: ApprovedPlans) -> None:
    approved.check(PLAN)


def test_another_plan_is_stale_and_says_what_changed(approved: ApprovedPlans) -> None:
    with pytest.raises(StalePlanError, match=r"the workspace changed, .* start a new run") as caught:
        approved.check(replace(PLAN, lines=()))
    assert "approved, and not to be done now: edit: job dev-churn-train (7)" in caught.value.lines[1]


def test_another_generated_file_is_stale(approved: ApprovedPlans) -> None:
    with pytest.raises(StalePlanError, match=r"what is wanted changed.*(?s:.)*cluster_config\.json is not as it was"):
        approved.check(replace(PLAN, wanted={"cluster_config.json": "2"}))


@pytest.mark.parametrize("other", [
    replace(PLAN, run_id="16"), replace(PLAN, commit="beef"), replace(PLAN, workspace="https://other.test"),
], ids=["run", "commit", "workspace"])
def test_an_approval_of_something_else_does_not_count(approved: ApprovedPlans, other: StepPlan) -> None:
    with pytest.raises(InputError, match="start a new run"):
        approved.check(other)


def test_a_step_without_an_approved_plan_is_refused(approved: ApprovedPlans) -> None:
    with pytest.raises(InputError, match="b_step: no plan of this step was approved"):
        approved.check(replace(PLAN, step="b_step"))


def test_a_cluster_that_was_still_to_be_created_is_known_again(tmp_path: Path) -> None:
    planned = replace(PLAN, lines=("edit: job x (7)", "  existing_cluster_id: 'a' -> 'to be created'"))
    planned.write(tmp_path)
    now = replace(PLAN, lines=("edit: job x (7)", f"  existing_cluster_id: 'a' -> '{NEW}'"))
    ApprovedPlans(tmp_path / "plans").check(now)


def test_another_cluster_than_the_one_approved_is_a_difference(tmp_path: Path) -> None:
    replace(PLAN, step="first", lines=(f"unchanged: cluster 'x' ({OLD}, RUNNING)",)).write(tmp_path)
    replace(PLAN, lines=(f"unchanged: permissions of cluster {OLD}",)).write(tmp_path)
    with pytest.raises(StalePlanError):
        ApprovedPlans(tmp_path / "plans").check(replace(PLAN, lines=(f"unchanged: permissions of cluster {NEW}",)))


@pytest.mark.parametrize("text", [
    "{", "[]", "{}", '{"step": "a", "workspace": "h", "run_id": 1, "commit": "c", "lines": "x", "wanted": {}}',
], ids=["broken", "list", "empty", "no lines"])
def test_what_is_no_plan_is_refused(approved: ApprovedPlans, text: str) -> None:
    (approved.folder / "a_step.json").write_text(text)
    with pytest.raises(InputError, match="is no plan of a step"):
        approved.check(PLAN)
