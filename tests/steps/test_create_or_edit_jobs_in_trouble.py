"""What create_or_edit_jobs tells, and leaves behind, where a workspace refuses, is busy or does not answer."""
from __future__ import annotations

import pytest

from sandbox.http.faults import Fault
from steps.create_or_edit_jobs import step
from tests.steps.bench import Bench
from tests.steps.jobs_bench import GROUP, RESET, JobsBench, entries, entry


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    return JobsBench.of(bench)


@pytest.fixture
def deployed(jobs: JobsBench) -> JobsBench:
    """With the job `train`, as a first run leaves it."""
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    jobs.bench.workspace.log.clear()
    return jobs


def test_failure_at_the_seventh_of_twenty_is_told_exactly(
        jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    rows = entries(20)
    rows[6]["timeout_seconds"] = -1
    jobs.want(*rows)
    assert jobs.bench.run(step) == 2
    said = capsys.readouterr().out
    assert "jobs: 6 done, 1 failed, 13 not tried; nothing else was begun" in said
    assert "]jobs_config.json:39: jobs[6]: the workspace does not take job 'dev-churn-step0007': 'timeout" in said
    assert sorted(job.name[-4:] for job in jobs.all()) == [f"{number:04}" for number in range(1, 7)]


def test_second_run_does_what_the_first_could_not(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    rows = entries(20)
    rows[6]["timeout_seconds"] = -1
    jobs.want(*rows)
    jobs.bench.run(step)
    jobs.want(*entries(20))
    assert jobs.bench.run(step) == 0
    assert "jobs: 14 created, 6 unchanged" in capsys.readouterr().out


def test_edit_that_fails_leaves_the_rest_for_later(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(*entries(5))
    jobs.bench.run(step)
    jobs.want(*[{**row, "timeout_seconds": 5} for row in entries(4)], entry("step0005"))
    jobs.bench.workspace.faults.add(Fault("/api/2.2/jobs/reset", status=500))
    assert jobs.bench.run(step) == 1
    assert "jobs: 1 failed, 3 not tried, 1 unchanged" in capsys.readouterr().out
    assert jobs.bench.record()[-1]["result"].startswith("failed: job dev-churn-step0001: ")


@pytest.mark.parametrize("fault", [
    Fault("/api/2.2/jobs/create", when="after"), Fault("/api/2.2/jobs/create", status=0),
    Fault("/api/2.2/jobs/create", status=503), Fault("/api/2.2/jobs/create", status=429),
], ids=["lost reply", "lost request", "unavailable", "throttled"])
def test_creation_without_an_answer_makes_one_job(jobs: JobsBench, fault: Fault) -> None:
    jobs.bench.workspace.faults.add(fault)
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    assert jobs.deployed()[0]["job_id"] == jobs.only().job_id


def test_lost_reply_of_an_edit_is_repaired(deployed: JobsBench) -> None:
    deployed.bench.workspace.faults.add(Fault("/api/2.2/jobs/reset", when="after"))
    deployed.want(entry(timeout_seconds=90))
    assert deployed.bench.run(step) == 0
    assert deployed.bench.writes() == [RESET, RESET]


def test_list_that_lags_behind_a_lost_reply_makes_no_double(jobs: JobsBench) -> None:
    faults = jobs.bench.workspace.faults
    faults.add(Fault("/api/2.2/jobs/list", when="late"))
    faults.add(Fault("/api/2.2/jobs/create", when="after"))
    faults.add(Fault("/api/2.2/jobs/list", status=200, body=b'{"jobs": []}'))
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    assert len(jobs.all()) == 1


def test_unknown_group_is_named_with_the_file_of_the_team(
        jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.allow({"group_name": GROUP, "permission_level": "CAN_VIEW"},
               {"group_name": "nobody-knows", "permission_level": "CAN_VIEW"})
    jobs.want(entry())
    assert jobs.bench.run(step) == 2
    assert "teams/data_science/access_control_list.json:8: the workspace does not take job" in capsys.readouterr().out
    assert jobs.all() == []


def test_list_that_would_lock_out_the_pipeline_creates_nothing(
        jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    other = jobs.bench.tenant.register_application("other").client_id
    rows = jobs.read_team("workspaces")
    rows["dev"]["service_principals"] = [{"application_id": other, "permission_level": "CAN_MANAGE"}]
    jobs.bench.write_config("teams/data_science/workspaces.json", rows)
    jobs.want(entry())
    assert jobs.bench.run(step) == 2
    assert "would lose CAN_MANAGE on the jobs, expected it in the list" in capsys.readouterr().out
    assert jobs.all() == []
