from __future__ import annotations

import pytest

from steps.create_or_edit_jobs import step
from tests.steps.bench import Bench
from tests.steps.jobs_bench import CREATE, GROUP, LIST, ME, JobsBench, entries, entry


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    return JobsBench.of(bench)


def test_absent_job_is_created(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    assert jobs.only().name == "dev-churn-train"
    assert "jobs: 1 created" in capsys.readouterr().out


def test_unchanged_jobs_get_no_write(jobs: JobsBench) -> None:
    jobs.want(*entries(3))
    jobs.bench.run(step)
    jobs.bench.workspace.log.clear()
    assert jobs.bench.run(step) == 0
    assert jobs.bench.calls() == [LIST]
