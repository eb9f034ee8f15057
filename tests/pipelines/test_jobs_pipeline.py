"""Which stages of the jobs pipeline run after what became of the others, and what each of them may do."""
from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.pipelines.conditions import holds
from sandbox.pipelines.expressions import Named
from sandbox.pipelines.model import Expression
from sandbox.pipelines.nodes import Position
from sandbox.pipelines.results import Result
from sandbox.pipelines.status_functions import of_dependencies
from steps.lib.target_environment import TargetEnvironment
from tests.pipelines.listeners import FOLDER, stages_of, steps_in

LISTENER = FOLDER / "pipeline_jobs.yml"
ORDER = ("check_product", "plan_dev", "deploy_dev", "plan_test", "deploy_test", "plan_prod", "deploy_prod")
GOOD, FAILED, SKIPPED, CANCELED = Result.SUCCEEDED, Result.FAILED, Result.SKIPPED, Result.CANCELED


def condition_holds(stage: dict[str, Any], results: dict[str, Result]) -> bool:
    """Whether `stage` runs after `results` of others; one that is not among them was not chosen."""
    seen = {name: results[name] for name in stage["dependsOn"] if name in results}
    context = Named({name: Named({"result": result.word}) for name, result in seen.items()})
    condition = Expression(stage["condition"], Position("a.yml", 1, 1))
    return holds(condition, {"dependencies": context}, of_dependencies(seen, canceled=False))


def ran(branch: str = "refs/heads/main", **ends: Result | None) -> tuple[str, ...]:
    """The stages that run where some end as given, or None where one is not there; the others succeed if they run."""
    stages, results, began = stages_of(LISTENER, branch), dict[str, Result](), []
    for name in (one for one in ORDER if ends.get(one, GOOD)):
        runs = name == ORDER[0] or condition_holds(stages[name], results)
        results[name] = (ends.get(name) or GOOD) if runs else SKIPPED
        began += [name] if runs and results[name] is not SKIPPED else []
    return tuple(began)


def test_the_stages_come_in_the_order_of_the_gates() -> None:
    assert tuple(stages_of(LISTENER)) == ORDER


@pytest.mark.parametrize("branch", ["refs/heads/main", "refs/tags/v1.2.0"])
def test_merged_code_goes_through_every_environment(branch: str) -> None:
    assert ran(branch) == ORDER


@pytest.mark.parametrize("branch", ["refs/heads/feature/main", "refs/heads/mainly", "refs/tags/nightly"])
def test_no_environment_is_entered_from_another_branch(branch: str) -> None:
    assert ran(branch) == ORDER[:1]


@pytest.mark.parametrize("stage", ORDER)
@pytest.mark.parametrize("result", [FAILED, CANCELED], ids=["failed", "canceled"])
def test_nothing_runs_after_what_failed(stage: str, result: Result) -> None:
    assert ran(**{stage: result}) == ORDER[:ORDER.index(stage) + 1]


@pytest.mark.parametrize("left_out", [SKIPPED, None], ids=["skipped", "not there"])
@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_an_environment_that_was_not_chosen_is_passed_by(environment: str, left_out: Result | None) -> None:
    both = (f"plan_{environment}", f"deploy_{environment}")
    assert ran(**dict.fromkeys(both, left_out)) == tuple(name for name in ORDER if name not in both)


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_an_approval_that_nobody_gave_in_time_lets_nobody_pass(environment: str) -> None:
    stage = f"deploy_{environment}"
    assert ran(**{stage: SKIPPED}) == ORDER[:ORDER.index(stage)]


def test_an_approval_is_not_passed_by_leaving_out_the_next_environment() -> None:
    assert ran(deploy_dev=SKIPPED, plan_test=None, deploy_test=None) == ORDER[:2]


@pytest.mark.parametrize("result", [SKIPPED, None], ids=["skipped", "not there"])
def test_nothing_is_entered_without_the_first_gate(result: Result | None) -> None:
    assert ran(check_product=result) == ()


def test_the_first_gate_cannot_be_left_out() -> None:
    assert stages_of(LISTENER)["check_product"]["isSkippable"] in (False, "false")


def test_the_first_gate_sees_no_variable_group_and_no_token() -> None:
    text = str(stages_of(LISTENER)["check_product"])
    assert "brickline-" not in text
    assert "System.AccessToken" not in text


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_nothing_is_planned_before_it_is_known_to_be_merged(environment: str) -> None:
    steps = [step["name"] for step in steps_in(stages_of(LISTENER)[f"plan_{environment}"]) if "name" in step]
    assert steps[:2] == ["check_source", "check_merged"]
    conditions = [step.get("condition") for step in steps_in(stages_of(LISTENER)[f"plan_{environment}"])
                  if step.get("name") == "check_merged"]
    assert conditions == [None]


def secrets_of(stage: dict[str, Any]) -> list[str]:
    return [variable["group"] for variable in stage["variables"] if "group" in variable]


def test_only_the_job_that_cleans_up_acts_as_the_principal_of_local() -> None:
    jobs = [(name, job) for name, stage in stages_of(LISTENER).items() for job in stage["jobs"]]
    assert [(name, job["job"]) for name, job in jobs if "brickline-local" in str(job)] == [
        ("plan_prod", "clean_up"), ("deploy_prod", "clean_up")]
    assert jobs[-1][1]["dependsOn"] == ["deploy"]


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_an_environment_has_its_own_group_and_lock(environment: str) -> None:
    stages = stages_of(LISTENER)
    plan, deploy = stages[f"plan_{environment}"], stages[f"deploy_{environment}"]
    assert secrets_of(plan) == secrets_of(deploy) == [f"brickline-{environment}"]
    assert deploy["lockBehavior"] == "sequential"
    assert deploy["jobs"][0]["environment"]["name"] == f"churn-{environment}"


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_a_plan_stage_changes_nothing_and_needs_no_ado_environment(environment: str) -> None:
    plan = stages_of(LISTENER)[f"plan_{environment}"]
    asked = [step["env"]["DRY_RUN"] for step in steps_in(plan) if "DRY_RUN" in step.get("env", {})]
    assert set(asked) == {"True"}
    assert [job for job in plan["jobs"] if "environment" in job] == []


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_every_step_that_is_planned_is_applied_as_approved(environment: str) -> None:
    stages = stages_of(LISTENER)
    planned, applied = ([step for step in steps_in(stages[f"{kind}_{environment}"]) if "DRY_RUN" in step.get("env", {})]
                        for kind in ("plan", "deploy"))
    assert [step["name"] for step in planned] == [
        step["name"] for step in applied if step["env"]["DRY_RUN"] == "False"]
    assert [step["name"] for step in applied if "APPROVED_PLANS_DIRECTORY" not in step["env"]] == []


@pytest.mark.parametrize(("environment", "verifies"), [("dev", False), ("test", True), ("prod", True)])
def test_every_plan_is_verified_before_the_first_one_is_applied(environment: str, verifies: bool) -> None:
    deploy = stages_of(LISTENER)[f"deploy_{environment}"]
    steps = [step for step in steps_in(deploy) if "DRY_RUN" in step.get("env", {})]
    verified = [step["name"] for step in steps if step["env"]["DRY_RUN"] == "True"]
    writing = ["update_repo", "create_or_edit_cluster", "set_cluster_permissions", "install_libraries",
               "create_or_edit_jobs", "set_job_permissions"]
    assert verified == ([f"verify_{name}" for name in writing] if verifies else [])
    assert [step["name"] for step in steps][:len(verified)] == verified


def test_a_dry_run_has_no_stage_that_deploys() -> None:
    assert list(stages_of(LISTENER, dryRun="true")) == ["check_product", "plan_dev", "plan_test", "plan_prod"]


@pytest.mark.parametrize(("asked", "cleaning"), [("yes", ["plan_prod", "deploy_prod"]), ("no", [])])
def test_branches_are_cleaned_up_after_prod_alone_and_when_asked(asked: str, cleaning: list[str]) -> None:
    stages = stages_of(LISTENER, cleanUpBranches=asked)
    assert [name for name, stage in stages.items() if re.search("clean_up_branches", str(stage))] == cleaning


def test_the_environments_are_those_that_there_are() -> None:
    planned = {name.partition("_")[2] for name in ORDER[1:]}
    assert planned == {one.value for one in TargetEnvironment} - {"local"}
