from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.permissions.access import JOBS
from sandbox.http.faults import Fault
from steps.create_or_edit_jobs import step as create_or_edit_jobs
from steps.set_job_permissions import step
from tests.steps.bench import TEAM, Bench
from tests.steps.jobs_bench import GROUP, ME, JobsBench, entries, entry

ANY_LIST = "/api/2.0/permissions/jobs/*"
VIEW = {"group_name": GROUP, "permission_level": "CAN_VIEW"}


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    """With two jobs, as create_or_edit_jobs leaves them."""
    jobs = JobsBench.of(bench)
    jobs.want(*entries(2))
    assert bench.run(create_or_edit_jobs) == 0
    bench.workspace.log.clear()
    return jobs


def paths(jobs: JobsBench) -> list[str]:
    return [f"/api/2.0/permissions/jobs/{job.job_id}" for job in jobs.all()]


def give(jobs: JobsBench, entry: dict[str, str]) -> None:
    """Grant something on the first job by hand."""
    state = jobs.bench.workspace.state
    with state.lock:
        state.access.change(JOBS, str(jobs.all()[0].job_id), [entry], replace=False)


def name_principals(jobs: JobsBench, *levels: str) -> list[str]:
    """Further service principals of dev in workspaces.json, with these levels."""
    ids = [jobs.bench.tenant.register_application(level).client_id for level in levels]
    rows = jobs.read_team("workspaces")
    for client_id, level in zip(ids, levels, strict=True):
        jobs.bench.workspace.add_service_principal(client_id)
        rows["dev"]["service_principals"].append({"application_id": client_id, "permission_level": level})
    jobs.bench.write_config(f"teams/{TEAM}/workspaces.json", rows)
    return ids


def test_new_jobs_have_their_list_already(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.bench.run(step) == 0
    assert sorted(jobs.bench.calls()) == sorted([ME, *(f"GET {path}" for path in paths(jobs))])
    assert "permissions of 2 jobs: 2 unchanged" in capsys.readouterr().out


def test_team_s_groups_and_principals_get_their_levels(jobs: JobsBench) -> None:
    starter, looker, manager = name_principals(jobs, "CAN_RESTART", "CAN_ATTACH_TO", "CAN_MANAGE")
    assert jobs.bench.run(step) == 0
    assert jobs.access(jobs.all()[1]) == {
        jobs.bench.principal.client_id: "IS_OWNER", starter: "CAN_MANAGE_RUN", looker: "CAN_VIEW",
        manager: "CAN_MANAGE", GROUP: "CAN_VIEW"}


def test_principal_of_another_environment_is_as_the_team_says(jobs: JobsBench) -> None:
    (other,) = name_principals(jobs, "CAN_ATTACH_TO")
    jobs.allow(VIEW, {"service_principal_name": other.upper(), "permission_level": "CAN_MANAGE_RUN"})
    assert jobs.bench.run(step) == 0
    assert jobs.access(jobs.all()[0])[other] == "CAN_MANAGE_RUN"


def test_list_is_put_right_with_one_read_and_one_write(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    give(jobs, {"user_name": "bob@example.com", "permission_level": "CAN_MANAGE"})
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == [f"PUT {paths(jobs)[0]}"]
    assert len(jobs.bench.calls()) == 4
    said = capsys.readouterr().out
    assert "revoke user 'bob@example.com' CAN_MANAGE" in said
    assert "permissions of 2 jobs: 1 changed, 1 unchanged" in said


def test_second_run_sends_no_write(jobs: JobsBench) -> None:
    jobs.allow({**VIEW, "permission_level": "CAN_MANAGE_RUN"})
    jobs.bench.run(step)
    jobs.bench.workspace.log.clear()
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == []


def test_ownership_given_away_by_hand_comes_back(jobs: JobsBench) -> None:
    own, job = jobs.bench.principal.client_id, jobs.all()[0]
    entries = [{"user_name": "anna@example.com", "permission_level": "IS_OWNER"},
               {"service_principal_name": own, "permission_level": "CAN_MANAGE"}]
    state = jobs.bench.workspace.state
    with state.lock:
        state.access.change(JOBS, str(job.job_id), entries, replace=True)
    assert jobs.bench.run(step) == 0
    assert jobs.access(job) == {own: "IS_OWNER", GROUP: "CAN_VIEW"}


def test_environment_without_principals_leaves_the_jobs_to_the_caller(jobs: JobsBench) -> None:
    rows = jobs.read_team("workspaces")
    rows["dev"]["service_principals"] = []
    jobs.bench.write_config(f"teams/{TEAM}/workspaces.json", rows)
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == []


def test_list_without_the_pipeline_itself_is_refused(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    (other,) = name_principals(jobs, "CAN_MANAGE")
    rows = jobs.read_team("workspaces")
    rows["dev"]["service_principals"] = [{"application_id": other, "permission_level": "CAN_MANAGE"}]
    jobs.bench.write_config(f"teams/{TEAM}/workspaces.json", rows)
    assert jobs.bench.run(step) == 2
    assert f"{TEAM}/workspaces.json: dev.service_principals: the pipeline's own principal" in capsys.readouterr().out
    assert jobs.bench.writes() == []


def test_admin_may_give_the_jobs_to_the_principal_of_the_environment(jobs: JobsBench) -> None:
    by_token = {"ENTRA_CLIENT_SECRET": "", "DATABRICKS_TOKEN": jobs.bench.workspace.token}
    give(jobs, {"user_name": "bob@example.com", "permission_level": "CAN_MANAGE"})
    assert jobs.bench.run(step, **by_token) == 0
    assert jobs.access(jobs.all()[0]) == {jobs.bench.principal.client_id: "IS_OWNER", GROUP: "CAN_VIEW"}


def test_unknown_group_is_named_with_its_line(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.allow(VIEW, {"group_name": "nobody-knows", "permission_level": "CAN_VIEW"})
    assert jobs.bench.run(step) == 2
    said = capsys.readouterr().out
    assert f"]teams/{TEAM}/access_control_list.json:8: the workspace does not take it on job" in said
    assert "permissions of jobs: 1 failed, 1 not tried" in said


def test_failure_stops_and_the_next_run_finishes(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.allow({**VIEW, "permission_level": "CAN_MANAGE"})
    jobs.bench.workspace.faults.add(Fault(ANY_LIST, method="PUT", status=500))
    assert jobs.bench.run(step) == 1
    assert "permissions of jobs: 1 failed, 1 not tried; correct it" in capsys.readouterr().out
    assert jobs.bench.run(step) == 0
    assert [jobs.access(job)[GROUP] for job in jobs.all()] == ["CAN_MANAGE", "CAN_MANAGE"]


@pytest.mark.parametrize("fault", [Fault(ANY_LIST, method="PUT", when="after"), Fault(ANY_LIST, status=429, times=3)],
                         ids=["lost reply", "throttled"])
def test_passing_trouble_is_waited_out(jobs: JobsBench, fault: Fault) -> None:
    jobs.allow({**VIEW, "permission_level": "CAN_MANAGE"})
    jobs.bench.workspace.faults.add(fault)
    assert jobs.bench.run(step) == 0


def test_answer_with_another_list_is_told(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.allow({**VIEW, "permission_level": "CAN_MANAGE"})
    body = json.dumps({"access_control_list": []}).encode()
    jobs.bench.workspace.faults.add(Fault(ANY_LIST, method="PUT", status=200, body=body))
    assert jobs.bench.run(step) == 1
    assert "took the access control list and shows another one; left to do: grant" in capsys.readouterr().out


def test_dry_run_counts_jobs_and_sends_no_write(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.allow({**VIEW, "permission_level": "CAN_MANAGE"})
    assert jobs.bench.run(step, DRY_RUN="true") == 0
    assert jobs.bench.outputs(capsys.readouterr().out) == {"changes": "2"}
    assert jobs.bench.writes() == []


def test_dry_run_takes_jobs_that_do_not_exist_yet(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(*entries(2), entry("new"))
    jobs.bench.run(create_or_edit_jobs, DRY_RUN="true")
    assert jobs.bench.run(step, DRY_RUN="true") == 0
    said = capsys.readouterr().out
    assert "unchanged: permissions of job dev-churn-new (to be created), which begins with" in said
    assert "  grant group 'data-science-leads' CAN_VIEW" in said


@pytest.mark.parametrize(("content", "problem"), [
    (None, "is missing, expected the jobs of this run; run create_or_edit_jobs before this step"),
    ([], "is not what create_or_edit_jobs writes"),
    ({"jobs": [{"name": "x"}]}, "is not what create_or_edit_jobs writes"),
], ids=["missing", "list", "row"])
def test_without_deployed_jobs_the_step_says_which_comes_first(
        jobs: JobsBench, content: Any, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = jobs.bench.generated / "deployed_jobs.json"
    file.unlink() if content is None else file.write_text(json.dumps(content))
    assert jobs.bench.run(step) == 2
    assert f"]generated/deployed_jobs.json: {problem}" in capsys.readouterr().out


def test_approved_plan_of_new_jobs_is_applied(jobs: JobsBench, tmp_path: Path) -> None:
    jobs.want(*entries(2), entry("new"))
    for dry_run, approved in (("true", ""), ("false", str(tmp_path / "approved"))):
        for one in (create_or_edit_jobs, step):
            assert jobs.bench.run(one, DRY_RUN=dry_run, APPROVED_PLANS_DIRECTORY=approved) == 0
        if dry_run == "true":
            shutil.copytree(jobs.bench.generated / "plans", tmp_path / "approved")
    assert len(jobs.all()) == 3
