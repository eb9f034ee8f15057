"""The high-concurrency cluster of an environment, which jobs share and must not lose under their runs."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.databricks.delays import Delays
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.http.faults import Fault
from steps.create_or_edit_cluster import step
from tests.steps.bench import OWN_TAGS, Bench
from tests.steps.fake_clock import FakeClock

CREATE, EDIT = (f"POST /api/2.1/clusters/{verb}" for verb in ("create", "edit"))
LIST = "GET /api/2.2/jobs/runs/list"
SHARED = {"custom_tags": OWN_TAGS | {"branch": "*"}}


class BusyClock(FakeClock):
    """Something happens while the step sleeps, at the third time."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if len(self.slept) == 3:
            self._happens()


class Runner:
    """The notebook `/last` runs until it is stopped; `begun` tells that it has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:
        if task.path == "/last":
            self.begun.set()
            stop.wait(60)
        return NotebookResult(succeeded=True)


@pytest.fixture
def shared(bench: Bench) -> Bench:
    """With the cluster in place, of which an edit is wanted, and runs that take an hour."""
    bench.environ["PIPELINE_TYPE"] = "jobs"
    bench.want_cluster(**SHARED)
    assert bench.run(step) == 0
    bench.workspace.set_delays(Delays(run_task=3600))
    bench.want_cluster(**SHARED, autotermination_minutes=90)
    bench.workspace.log.clear()
    return bench


def start_run(bench: Bench, cluster_id: str = "", *tasks: dict[str, Any]) -> int:
    """A run of a job that the pipeline's principal may see, on the shared cluster if no tasks are given."""
    task = {"task_key": "train", "notebook_task": {"notebook_path": "/x"}, "existing_cluster_id": cluster_id}
    job = bench.by_hand("/api/2.2/jobs/create", {
        "name": "dev-churn-train", "tasks": tasks or [task], "access_control_list": [
            {"service_principal_name": bench.principal.client_id, "permission_level": "CAN_VIEW"}]})
    return int(bench.by_hand("/api/2.2/jobs/run-now", {"job_id": job["job_id"]})["run_id"])


def test_idle_cluster_is_edited_at_once(shared: Bench) -> None:
    assert shared.run(step) == 0
    assert shared.writes() == [EDIT]
    assert shared.calls().count(LIST) == 1


def test_unchanged_cluster_is_not_asked_for_runs(shared: Bench) -> None:
    start_run(shared, shared.cluster().cluster_id)
    shared.want_cluster(**SHARED)
    assert shared.run(step) == 0
    assert LIST not in shared.calls()


def test_edit_waits_until_the_runs_are_over(shared: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = start_run(shared, shared.cluster().cluster_id)
    shared.clock = BusyClock(lambda: shared.by_hand("/api/2.2/jobs/runs/cancel", {"run_id": run_id}))
    assert shared.run(step) == 0
    assert shared.writes() == [EDIT]
    assert len(shared.clock.slept) > 3
    assert f"waiting for run {run_id} of 'dev-churn-train', task train: http" in capsys.readouterr().out


def test_edit_waits_for_a_run_that_begins_meanwhile(shared: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    first = start_run(shared, shared.cluster().cluster_id)

    def next_one() -> None:
        start_run(shared, shared.cluster().cluster_id)
        shared.by_hand("/api/2.2/jobs/runs/cancel", {"run_id": first})

    shared.clock = BusyClock(next_one)
    assert shared.run(step, RUNS_WAIT_MINUTES="1") == 1
    assert shared.writes() == []
    assert "1 active run after 60 s" in capsys.readouterr().out


def test_runs_that_outlast_the_limit_stop_the_step_with_their_links(
        shared: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [start_run(shared, shared.cluster().cluster_id) for _ in range(2)]
    assert shared.run(step, RUNS_WAIT_MINUTES="2") == 1
    errors = [line for line in capsys.readouterr().out.splitlines() if "type=error" in line]
    assert "2 active runs after 120 s, expected none" in errors[0]
    assert {run for run in runs for line in errors[1:] if f"/run/{run}" in line} == set(runs)
    assert 120 <= shared.clock.seconds < 121
    assert shared.writes() == []


def test_run_on_a_cluster_of_its_own_is_in_nobody_s_way(shared: Bench) -> None:
    own = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
    start_run(shared, "", {"task_key": "a", "notebook_task": {"notebook_path": "/x"}, "new_cluster": own})
    assert shared.run(step) == 0
    assert (shared.writes(), shared.clock.seconds < 1) == ([EDIT], True)


def test_run_that_has_left_the_cluster_is_not_waited_for(shared: Bench) -> None:
    shared.workspace.set_delays(Delays())
    shared.workspace.state.runner = Runner()
    own = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
    run_id = start_run(shared, "", *(
        {"task_key": key, "notebook_task": {"notebook_path": f"/{key}"}, **where} for key, where in (
            ("first", {"existing_cluster_id": shared.cluster().cluster_id}),
            ("last", {"new_cluster": own, "depends_on": [{"task_key": "first"}]}))))
    assert shared.workspace.state.runner.begun.wait(60)
    assert shared.run(step, RUNS_WAIT_MINUTES="0") == 0
    shared.by_hand("/api/2.2/jobs/runs/cancel", {"run_id": run_id})


def test_task_beyond_the_hundredth_is_waited_for(shared: Bench) -> None:
    own = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
    tasks = [{"task_key": f"t{number:03}", "notebook_task": {"notebook_path": "/x"}, "job_cluster_key": "own"}
             for number in range(120)]
    tasks[110] = {**tasks[110], "existing_cluster_id": shared.cluster().cluster_id}
    del tasks[110]["job_cluster_key"]
    job = shared.by_hand("/api/2.2/jobs/create", {
        "name": "wide", "tasks": tasks, "job_clusters": [{"job_cluster_key": "own", "new_cluster": own}],
        "access_control_list": [{"service_principal_name": shared.principal.client_id,
                                 "permission_level": "CAN_VIEW"}]})
    shared.by_hand("/api/2.2/jobs/run-now", {"job_id": job["job_id"]})
    assert shared.run(step, RUNS_WAIT_MINUTES="1") == 1


def test_cluster_that_stopped_during_the_wait_is_edited_and_started(shared: Bench) -> None:
    cluster_id = shared.cluster().cluster_id
    start_run(shared, cluster_id)
    shared.clock = BusyClock(lambda: shared.by_hand("/api/2.1/clusters/delete", {"cluster_id": cluster_id}))
    assert shared.run(step) == 0
    assert shared.writes() == [EDIT, "POST /api/2.1/clusters/start"]


def test_stopped_cluster_waits_for_nobody(shared: Bench) -> None:
    shared.by_hand("/api/2.1/clusters/delete", {"cluster_id": shared.cluster().cluster_id})
    assert shared.run(step) == 0
    assert LIST not in shared.calls()


def test_dry_run_shows_what_an_edit_would_wait_for(shared: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = start_run(shared, shared.cluster().cluster_id)
    assert shared.run(step, DRY_RUN="true") == 0
    assert f"waits for run {run_id}" in capsys.readouterr().out
    assert shared.writes() == []


def test_throttled_list_of_runs_is_asked_again(shared: Bench) -> None:
    shared.workspace.faults.add(Fault("*/jobs/runs/list", status=429, times=2))
    assert shared.run(step) == 0


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_nothing_is_done_where_no_job_needs_the_cluster(
        bench: Bench, dry_run: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench.write("job_clusters.json", {"default": {}, "jobs": {}})
    assert bench.run(step, PIPELINE_TYPE="jobs", DRY_RUN=dry_run) == 0
    assert bench.calls() == []
    out = capsys.readouterr().out
    assert "no job runs on the high-concurrency cluster" in out
    assert bench.outputs(out) == ({"changes": "0"} if dry_run == "true" else {})


def test_missing_configuration_is_told_by_the_step_that_writes_it(
        bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(step, PIPELINE_TYPE="jobs") == 2
    assert "run generate_cluster_config before this step" in capsys.readouterr().out


@pytest.mark.parametrize("minutes", ["-1", "1.5", "soon"])
def test_limit_that_is_no_number_is_refused(bench: Bench, minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(step, RUNS_WAIT_MINUTES=minutes) == 2
    assert f"RUNS_WAIT_MINUTES: got {minutes!r}" in capsys.readouterr().out
