"""What create_or_edit_jobs does with jobs that left the config, and how it finds ours among many."""
from __future__ import annotations

import pytest

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.http.faults import Fault
from steps.create_or_edit_jobs import step
from tests.steps.bench import Bench
from tests.steps.jobs_bench import LIST, JobsBench, entries, entry

DELETE = "POST /api/2.2/jobs/delete"


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    """With a job `old` that nobody asks for any more."""
    jobs = JobsBench.of(bench)
    jobs.want(entry(), entry("old"))
    assert bench.run(step) == 0
    jobs.want(entry())
    bench.workspace.log.clear()
    return jobs


def names(jobs: JobsBench) -> list[str]:
    return [job.name for job in jobs.all()]


def start_run(jobs: JobsBench) -> None:
    jobs.by_hand("run-now", {"job_id": jobs.all()[1].job_id})


def test_job_that_left_the_config_is_reported_and_kept(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.bench.run(step) == 0
    assert names(jobs) == ["dev-churn-train", "dev-churn-old"]
    said = capsys.readouterr().out
    assert f"orphaned: job 'dev-churn-old' ({jobs.all()[1].job_id}) is no longer in jobs_config.json" in said
    assert "jobs: 1 unchanged, 1 orphaned" in said
    assert jobs.bench.calls() == [LIST]


def test_it_is_deleted_where_that_is_asked_for(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 0
    assert names(jobs) == ["dev-churn-train"]
    assert jobs.bench.writes() == [DELETE]
    assert "jobs: 1 unchanged, 1 deleted" in capsys.readouterr().out


def test_it_is_kept_while_a_run_is_active(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    start_run(jobs)
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 0
    assert "dev-churn-old" in names(jobs)
    assert f"job 'dev-churn-old' ({jobs.all()[1].job_id}) is kept: a run of it is active" in capsys.readouterr().out


def test_lost_reply_of_a_deletion_is_no_error(jobs: JobsBench) -> None:
    jobs.bench.workspace.faults.add(Fault("/api/2.2/jobs/delete", when="after"))
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 0
    assert names(jobs) == ["dev-churn-train"]


def test_deletion_that_is_refused_is_told(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    body = b'{"error_code": "PERMISSION_DENIED", "message": "no"}'
    jobs.bench.workspace.faults.add(Fault("/api/2.2/jobs/delete", status=403, body=body))
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 1
    assert "jobs: 1 failed, 1 unchanged" in capsys.readouterr().out


def test_nothing_is_deleted_after_a_failure(jobs: JobsBench) -> None:
    jobs.want(entry(timeout_seconds=-1))
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 2
    assert "dev-churn-old" in names(jobs)


def test_dry_run_counts_a_deletion(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.bench.run(step, ORPHANED_JOBS="delete", DRY_RUN="true") == 0
    assert jobs.bench.outputs(capsys.readouterr().out) == {"changes": "1"}
    assert jobs.bench.writes() == []


@pytest.mark.parametrize(("tag", "value"), [("environment", "prod"), ("repo", "churn2"), ("managed_by", "me")])
def test_job_of_somebody_else_is_no_orphan(jobs: JobsBench, tag: str, value: str) -> None:
    tags = {"environment": "dev", "repo": "churn", "job": "x", "managed_by": "brickline", tag: value}
    add_foreign_jobs(jobs.bench.workspace.state, 1, tags=tags)
    jobs.bench.run(step, ORPHANED_JOBS="delete")
    assert "team-0" in names(jobs)


def test_requests_do_not_grow_with_foreign_jobs(jobs: JobsBench) -> None:
    add_foreign_jobs(jobs.bench.workspace.state, 1500)
    jobs.want(*entries(5))
    jobs.bench.run(step)
    jobs.bench.workspace.log.clear()
    add_foreign_jobs(jobs.bench.workspace.state, 1500, name="more-{number}")
    assert jobs.bench.run(step) == 0
    assert jobs.bench.calls() == [LIST] * 10


def test_among_very_many_jobs_only_a_deletion_looks_at_all(
        jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    add_foreign_jobs(jobs.bench.workspace.state, 1200)
    assert jobs.bench.run(step) == 0
    assert "older ones that left jobs_config.json are found only with ORPHANED_JOBS=delete" in capsys.readouterr().out
    assert jobs.bench.run(step, ORPHANED_JOBS="delete") == 0
    assert "dev-churn-old" not in names(jobs)


def test_namesake_is_found_among_many(bench: Bench) -> None:
    jobs = JobsBench.of(bench)
    add_foreign_jobs(bench.workspace.state, 1, name="dev-churn-train")
    add_foreign_jobs(bench.workspace.state, 1200)
    jobs.want(entry())
    assert bench.run(step) == 2
    assert bench.writes() == []
