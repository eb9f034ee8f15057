from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.office import Office
from tests.sandbox.azure_devops.rest.plant import BUILDS, Plant, until

STAGES = """
    stages:
    - stage: plan
      displayName: Plan it
      jobs:
      - job: look
        displayName: Look around
        steps: [{checkout: none}, {bash: echo seen, displayName: See}, {bash: exit 1, displayName: Break},
                {bash: echo never, displayName: Never}]
      - job: legs
        strategy: {matrix: {a: {x: 1}, b: {x: 2}}}
        steps: [{checkout: none}, {bash: 'echo leg $(x)', displayName: Say}]
    - stage: apply
      jobs: [{job: change, steps: [{checkout: none}]}]
    """
DEPLOY = """
    jobs:
    - deployment: deploy
      environment: prod
      strategy: {runOnce: {deploy: {steps: [{bash: echo there}]}}}
    """


def records(plant: Plant, kind: str) -> dict[str, Any]:
    timeline = plant.office.client("build").get_build_timeline("analytics", 1)
    return {one.name: one for one in (timeline.records if timeline else []) if one.type == kind}


@pytest.fixture
def ran(plant: Plant) -> Plant:
    plant.commit(STAGES)
    plant.run()
    return plant


def test_client_reads_results_of_stages_phases_jobs_and_tasks(ran: Plant) -> None:
    assert {name: one.result for name, one in records(ran, "Stage").items()} == {
        "Plan it": "failed", "apply": "skipped"}
    assert {name: one.result for name, one in records(ran, "Phase").items()} == {
        "Look around": "failed", "legs": "succeeded", "change": "skipped"}
    assert sorted(records(ran, "Job")) == ["Look around", "legs a", "legs b"]
    assert {name: records(ran, "Task")[name].result for name in ("See", "Break", "Never")} == {
        "See": "succeeded", "Break": "failed", "Never": "skipped"}


def test_records_hang_on_those_above(ran: Plant) -> None:
    stage, phase = records(ran, "Stage")["Plan it"], records(ran, "Phase")["Look around"]
    job, task = records(ran, "Job")["Look around"], records(ran, "Task")["See"]
    assert [one.parent_id for one in (stage, phase, job, task)] == [None, stage.id, phase.id, job.id]
    assert (job.identifier, task.state, job.worker_name) == ("plan.look.__default", "completed", "sandbox")


def test_each_stage_has_a_checkpoint(ran: Plant) -> None:
    timeline = ran.office.client("build").get_build_timeline("analytics", 1)
    [point] = [one for one in timeline.records if one.type == "Checkpoint"]
    assert (point.parent_id, point.result) == (records(ran, "Stage")["Plan it"].id, "succeeded")


def test_a_log_has_the_lines_of_its_step_with_their_times(ran: Plant) -> None:
    log = records(ran, "Task")["See"].log.id
    lines = ran.office.client("build").get_build_log_lines("analytics", 1, log)
    assert [line[28:] for line in lines] == [
        " ##[section]Starting: See", " seen", " ##[section]Finishing: See"]
    assert lines[0].startswith("2023-11-14T22:13:20.0000000Z")


def test_the_log_of_a_job_has_those_of_its_steps(ran: Plant) -> None:
    log = records(ran, "Job")["legs b"].log.id
    text = ran.office.send("GET", f"{BUILDS}/1/logs/{log}", headers={"Accept": "text/plain"}).text
    assert "leg 2\r\n" in text


def test_client_lists_logs_with_their_lengths(ran: Plant) -> None:
    logs = {one.id: one.line_count for one in ran.office.client("build").get_build_logs("analytics", 1)}
    assert logs[records(ran, "Task")["See"].log.id] == 3
    assert sorted(logs) == list(range(1, len(logs) + 1))


def test_a_part_of_a_log(ran: Plant) -> None:
    log = records(ran, "Task")["See"].log.id
    [line] = ran.office.client("build").get_build_log_lines("analytics", 1, log, start_line=2, end_line=2)
    assert line.endswith(" seen")


def test_an_unknown_log_is_404(ran: Plant) -> None:
    assert ran.office.send("GET", f"{BUILDS}/1/logs/99").status_code == 404


def test_a_run_without_a_plan_has_no_timeline(plant: Plant) -> None:
    plant.commit("steps: [{nothing: 1}]")
    plant.run()
    assert plant.office.send("GET", f"{BUILDS}/1/timeline").status_code == 204
    assert plant.office.client("build").get_build_timeline("analytics", 1) is None
    [told] = plant.office.client("build").get_build("analytics", 1).validation_results
    assert "nothing" in told.message


def test_a_stage_that_waits_for_its_checks_is_pending(office: Office, plant: Plant) -> None:
    made = office.client("task_agent", "admin").add_environment({"name": "prod"}, "analytics")
    resource = office.project.library.resource("environment", "prod")
    assert resource is not None
    office.project.library.authorise(plant.pipeline, resource)
    settings = {"approvers": [{"id": office.member("ben").id}]}
    check = {"type": {"id": "8c6f20a7-a545-4486-9777-f762fafe0d4d", "name": "Approval"}, "settings": settings,
             "resource": {"type": "environment", "id": str(made.id)}, "timeout": 100}
    assert office.send("POST", "analytics/_apis/pipelines/checks/configurations", "admin", json=check).ok
    plant.commit(DEPLOY)
    plant.start()
    until(lambda: "Checkpoint" in records(plant, "Checkpoint"))
    assert (records(plant, "Stage")["__default"].state, records(plant, "Checkpoint")["Checkpoint"].state) == (
        "pending", "inProgress")
    office.organisation.runs.cancel(1)
    plant.finish()
    assert records(plant, "Stage")["__default"].result == "canceled"
