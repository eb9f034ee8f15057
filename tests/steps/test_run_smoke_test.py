"""Smoke tests of jobs that the step before deployed, in a workspace where tasks end as told; some really run."""
from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.http.faults import Fault
from steps import create_or_edit_jobs
from steps.run_smoke_test import step
from tests.steps.bench import Bench
from tests.steps.fake_clock import FakeClock
from tests.steps.jobs_bench import JobsBench, entry

RUN_NOW, CANCEL = "POST /api/2.2/jobs/run-now", "POST /api/2.2/jobs/runs/cancel"
PLACE = "jobs_config.json:"


@dataclass
class Runner:
    """Notes what it is given; `answers` are results by the path of the notebook."""

    answers: dict[str, NotebookResult] = field(default_factory=dict)
    given: list[NotebookTask] = field(default_factory=list)

    def run(self, task: NotebookTask, _stop: threading.Event) -> NotebookResult:
        self.given.append(task)
        return self.answers.get(task.path.rpartition("/")[2], NotebookResult(succeeded=True, exit_value="42"))


class RealPauses(FakeClock):
    """Gives a notebook's own process time to run."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        time.sleep(0.02)


class Cancelled(FakeClock):
    """The agent stops the step while it waits."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        raise KeyboardInterrupt


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    return JobsBench.of(bench)


@pytest.fixture
def runner(bench: Bench) -> Runner:
    runner = Runner()
    bench.workspace.state.runner = runner
    return runner


def deploy(jobs: JobsBench, *entries: dict[str, Any]) -> None:
    jobs.want(*entries)
    assert jobs.bench.run(create_or_edit_jobs.step) == 0
    jobs.bench.workspace.log.clear()


def smoke(notebook: str = "train", **fields: Any) -> dict[str, Any]:
    return entry(notebook, **{"smoke_test": {}, **fields})


def tasks(*keys: str) -> list[dict[str, Any]]:
    """Each after the one before."""
    return [{"task_key": key, "notebook": f"notebooks/{key}.py",
             **({"depends_on": [{"task_key": before}]} if before else {})}
            for before, key in zip(("", *keys), keys, strict=False)]


def many(name: str, *keys: str, **fields: Any) -> dict[str, Any]:
    job = smoke(name, name=name, tasks=tasks(*keys), **fields)
    del job["notebook"]
    return job


def suites(bench: Bench) -> dict[str, Xml.Element]:
    """By the end of the job's name."""
    files = sorted((bench.generated / "smoke_tests").glob("TEST-*.xml"))
    return {path.stem.removeprefix("TEST-dev-churn-"): Xml.fromstring(path.read_bytes())  # noqa: S314 - our own
            for path in files}


def errors(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if "type=error" in line]


def test_job_that_asks_for_it_is_run_and_passes(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke("train"), entry("score"))
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == [RUN_NOW]
    assert "smoke tests of 1 job: 1 passed" in capsys.readouterr().out
    assert {name: (one.get("tests"), one.get("failures")) for name, one in suites(jobs.bench).items()} == {
        "train": ("1", "0")}


def test_parameters_of_the_test_replace_those_of_the_job(jobs: JobsBench, runner: Runner) -> None:
    deploy(jobs, smoke(parameters={"rows": "all", "day": "monday"}, smoke_test={"parameters": {"rows": "10"}}))
    assert jobs.bench.run(step) == 0
    assert runner.given[0].parameters == {"rows": "10", "day": "monday", "environment": "dev"}


def test_exit_value_is_kept_in_log_record_and_results(
        jobs: JobsBench, runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.answers["train"] = NotebookResult(succeeded=True, exit_value="rmse 0.1 ##vso[x]")
    deploy(jobs, smoke())
    assert jobs.bench.run(step) == 0
    assert "task 'train' gave 'rmse 0.1 # #vso[x]'" in capsys.readouterr().out
    assert "exit value: rmse 0.1" in str(suites(jobs.bench)["train"].findtext("testcase/system-out"))
    assert "rmse 0.1" in (jobs.bench.generated / "summary/run_smoke_test.md").read_text()


def test_failing_task_fails_the_step_with_its_own_error(
        jobs: JobsBench, runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.answers["train"] = NotebookResult(succeeded=False, error="ValueError: no data", error_trace="line 7")
    deploy(jobs, smoke())
    assert jobs.bench.run(step) == 2
    [line] = errors(capsys)
    assert PLACE in line
    assert "jobs[0].smoke_test: task 'train' of job 'dev-churn-train' failed: ValueError: no data; http" in line
    failure = suites(jobs.bench)["train"].find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("ValueError: no data", "line 7")


def test_tasks_after_a_failed_one_are_shown_as_skipped(
        jobs: JobsBench, runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.answers["load"] = NotebookResult(succeeded=False, error="KeyError: 'x'")
    deploy(jobs, many("nightly", "load", "train", "report"))
    assert jobs.bench.run(step) == 2
    suite = suites(jobs.bench)["nightly"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "2")
    assert len(errors(capsys)) == 1


def test_only_the_tasks_of_the_test_are_run(jobs: JobsBench, runner: Runner) -> None:
    deploy(jobs, many("nightly", "load", "train", smoke_test={"tasks": ["load"]}))
    assert jobs.bench.run(step) == 0
    assert [task.path.rpartition("/")[2] for task in runner.given] == ["load"]


def test_failures_of_all_jobs_are_told_and_the_others_still_run(
        jobs: JobsBench, runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "c"):
        runner.answers[name] = NotebookResult(succeeded=False, error=f"{name} is broken")
    deploy(jobs, smoke("a"), smoke("b"), smoke("c"))
    assert jobs.bench.run(step) == 2
    assert [line.rpartition("failed: ")[2][:11] for line in errors(capsys)] == ["a is broken", "c is broken"]
    assert len(runner.given) == 3


def test_at_most_five_runs_are_under_way_at_once(jobs: JobsBench, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(jobs, *(smoke(f"n{number}") for number in range(12)))
    runs, under_way = jobs.bench.workspace.state.runs, list[int]()
    start = runs.start

    def counted(*arguments: Any) -> None:
        start(*arguments)
        under_way.append(len(runs.store.active.all()))

    monkeypatch.setattr(runs, "start", counted)
    assert jobs.bench.run(step) == 0
    assert (len(under_way), max(under_way)) == (12, 5)


def test_run_that_takes_too_long_is_cancelled(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke(smoke_test={"timeout_seconds": 60}))
    jobs.bench.workspace.set_delays(Delays(run_task=3600))
    assert jobs.bench.run(step) == 2
    assert jobs.bench.writes() == [RUN_NOW, CANCEL]
    assert any("it took longer than 60 s and was cancelled" in line for line in errors(capsys))
    assert 60 <= jobs.bench.clock.seconds < 120
    assert not jobs.bench.workspace.state.runs.store.active.all()


def test_task_that_takes_long_is_told_every_minute(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke(smoke_test={"timeout_seconds": 600}))
    jobs.bench.workspace.set_delays(Delays(run_task=3600))
    jobs.bench.run(step)
    lines = [line for line in capsys.readouterr().out.splitlines() if "task 'train' is RUNNING" in line]
    assert 9 <= len(lines) <= 11


def test_run_that_does_not_end_after_its_cancellation_is_given_up(jobs: JobsBench) -> None:
    deploy(jobs, smoke(smoke_test={"timeout_seconds": 60}))
    jobs.bench.workspace.set_delays(Delays(run_task=3600, run_cancel=3600))
    assert jobs.bench.run(step) == 2
    assert jobs.bench.clock.seconds < 200


def test_cancelled_pipeline_cancels_its_runs(jobs: JobsBench) -> None:
    deploy(jobs, smoke())
    jobs.bench.workspace.set_delays(Delays(run_task=3600))
    jobs.bench.clock = Cancelled()
    assert jobs.bench.run(step) == 130
    assert jobs.bench.writes() == [RUN_NOW, CANCEL]


def test_cluster_that_fails_is_no_fault_of_the_product(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke())
    jobs.bench.workspace.fail_next_start(TerminationReason("CLOUD_PROVIDER_LAUNCH_FAILURE", "CLOUD_FAILURE"))
    assert jobs.bench.run(step) == 1
    assert "task 'train' of job 'dev-churn-train' failed: " in errors(capsys)[0]


def test_job_that_cannot_be_started_fails_alone(
        jobs: JobsBench, runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke("a"), smoke("b"))
    body = json.dumps({"error_code": "PERMISSION_DENIED", "message": "not you"}).encode()
    jobs.bench.workspace.faults.add(Fault("*/run-now", status=403, body=body))
    assert jobs.bench.run(step) == 1
    [line] = errors(capsys)
    assert "the smoke test of job 'dev-churn-a' failed: it could not be started" in line
    assert len(runner.given) == 1


def test_lost_reply_starts_no_second_run(jobs: JobsBench, runner: Runner) -> None:
    deploy(jobs, smoke())
    jobs.bench.workspace.faults.add(Fault("*/run-now", when="after"))
    assert jobs.bench.run(step) == 0
    assert len(runner.given) == 1


def test_throttled_reads_are_repeated(jobs: JobsBench) -> None:
    deploy(jobs, smoke())
    jobs.bench.workspace.faults.add(Fault("*/runs/get*", status=429, times=3))
    assert jobs.bench.run(step) == 0


def test_second_step_runs_the_jobs_again(jobs: JobsBench, runner: Runner) -> None:
    deploy(jobs, smoke())
    assert [jobs.bench.run(step), jobs.bench.run(step), len(runner.given)] == [0, 0, 2]


def test_nothing_to_run_is_fine_and_said(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    assert "no job asks for a smoke test in this environment" in capsys.readouterr().out
    assert jobs.bench.calls() == []


def test_test_that_counts_elsewhere_is_not_run_here(jobs: JobsBench) -> None:
    jobs.want(smoke(environments={"dev": {"smoke_test": None}}))
    assert jobs.bench.run(step) == 0
    assert jobs.bench.calls() == []


def test_dry_run_starts_nothing(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke(smoke_test={"parameters": {"rows": "10"}}))
    capsys.readouterr()
    assert jobs.bench.run(step, DRY_RUN="true") == 0
    out = capsys.readouterr().out
    assert jobs.bench.outputs(out) == {"changes": "0"}
    assert "run 'dev-churn-train', at most 3600 s" in out
    assert jobs.bench.calls() == []


def test_job_that_was_not_deployed_is_told(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke("a"))
    jobs.want(smoke("a"), smoke("b"))
    assert jobs.bench.run(step) == 2
    assert "jobs[1].smoke_test: job 'dev-churn-b' is not deployed" in errors(capsys)[0]
    assert jobs.bench.writes() == []


def test_cluster_pipeline_is_not_served(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deploy(jobs, smoke())
    assert jobs.bench.run(step, PIPELINE_TYPE="cluster") == 2
    assert "this step serves jobs" in errors(capsys)[0]


def test_results_of_an_earlier_run_are_gone(jobs: JobsBench) -> None:
    deploy(jobs, smoke("a"))
    jobs.bench.run(step)
    deploy(jobs, smoke("b"))
    jobs.bench.run(step)
    assert list(suites(jobs.bench)) == ["b"]


@pytest.mark.parametrize(("source", "code", "said"), [
    ("dbutils.notebook.exit('rows ' + dbutils.widgets.get('rows'))", 0, "rows 10"),
    ("raise ValueError('no data')", 2, "ValueError: no data"),
], ids=["exit value", "error"])
def test_notebook_really_runs(jobs: JobsBench, source: str, code: int, said: str,
                              capsys: pytest.CaptureFixture[str]) -> None:
    workspace = jobs.bench.workspace
    workspace.state.runner = LocalRunner(workspace.state)
    deploy(jobs, smoke(smoke_test={"parameters": {"rows": "10"}}))
    jobs.bench.by_hand("/api/2.0/workspace/mkdirs", {"path": "/Shared/notebooks"})
    jobs.bench.by_hand("/api/2.0/workspace/import", {
        "path": "/Shared/notebooks/train", "format": "SOURCE", "language": "PYTHON",
        "content": base64.b64encode(f"# Databricks notebook source\n{source}\n".encode()).decode()})
    task = jobs.only().settings["tasks"][0]
    task["notebook_task"]["notebook_path"] = "/Shared/notebooks/train"
    jobs.bench.clock = RealPauses()
    assert jobs.bench.run(step) == code
    assert said in capsys.readouterr().out


def test_plan_of_a_dry_run_is_the_one_that_is_applied(jobs: JobsBench) -> None:
    deploy(jobs, smoke())
    assert jobs.bench.run(step, DRY_RUN="true") == 0
    plan = json.loads((jobs.bench.generated / "plans/run_smoke_test.json").read_text())
    assert plan["lines"][0] == "unchanged: 1 job to try after the deployment"
    assert jobs.bench.run(step, APPROVED_PLANS_DIRECTORY=str(jobs.bench.generated / "plans")) == 0
