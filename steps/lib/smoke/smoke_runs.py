"""Runs smoke tests a few at a time, and follows every task of them until it is over, or its time is."""
from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import BadRequest, DatabricksError, PermissionDenied, ResourceDoesNotExist
from steps.lib.databricks.runs import is_over, whole_run
from steps.lib.smoke.smoke_result import JobResult, SmokeJob, TaskResult, has_run, latest_attempts, problem_of

RUN_NOW, CANCEL, OUTPUT = (f"/api/2.2/jobs/{call}" for call in ("run-now", "runs/cancel", "runs/get-output"))
AT_ONCE = 5
# How long a run that was cancelled may take to end.
CANCEL_LIMIT_SECONDS = 120.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_PROGRESS_SECONDS = 60.0
_ABSENT = (BadRequest, PermissionDenied, ResourceDoesNotExist)


@dataclass
class _Run:
    """One under way. `started`, `told` and `cancelled` are moments of the clock; `shown` are states by task."""

    job: SmokeJob
    run_id: int
    started: float
    told: float = 0.0
    cancelled: float | None = None
    row: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return str(self.row.get("run_page_url", ""))


class SmokeRuns:
    """Whatever ends the step early, also a cancelled pipeline, cancels what it has started."""

    def __init__(self, databricks: Databricks, clock: Clock) -> None:
        self._databricks = databricks
        self._clock = clock
        self._pause = _FIRST_PAUSE

    def run(self, jobs: Sequence[SmokeJob]) -> list[JobResult]:
        """One result for each job, in the same order."""
        waiting, active = deque(jobs), list[_Run]()
        results: dict[str, JobResult] = {}
        try:
            while waiting or active:
                while waiting and len(active) < AT_ONCE:
                    self._begin(waiting.popleft(), active, results)
                for run in tuple(active):
                    if self._look(run):
                        active.remove(run)
                        results[run.job.name] = self._result(run)
                if active:
                    self._sleep()
        finally:
            for run in active:
                self._cancel_at_the_end(run)
        return [results[job.name] for job in jobs]

    def _begin(self, job: SmokeJob, active: list[_Run], results: dict[str, JobResult]) -> None:
        """A job that cannot be started is a failed test, and no reason to leave out the others."""
        agent.info(f"run job {job.name!r} ({job.job_id})")
        body: dict[str, Any] = {"job_id": job.job_id, "idempotency_token": uuid.uuid4().hex, "queue": {"enabled": True}}
        if job.test.parameters:
            body["job_parameters"] = job.test.parameters
        if job.test.tasks:
            body["only"] = list(job.test.tasks)
        try:
            run_id = int(self._databricks.post(RUN_NOW, body, repeatable=True)["run_id"])
        except DatabricksError as error:
            results[job.name] = JobResult(job, problem=f"it could not be started: {error}",
                                          is_ours=isinstance(error, BadRequest))
            return
        active.append(_Run(job, run_id, self._clock.monotonic()))

    def _look(self, run: _Run) -> bool:
        """Whether there is nothing more to wait for; shows what has changed."""
        first = not run.row
        run.row = whole_run(self._databricks, run.run_id)
        if first:
            agent.info(f"  {run.job.name}: run {run.run_id}, {run.url}")
        self._show(run)
        if is_over(run.row):
            return True
        if run.cancelled is not None:
            return self._clock.monotonic() - run.cancelled >= CANCEL_LIMIT_SECONDS
        if self._clock.monotonic() - run.started >= run.job.test.timeout_seconds:
            agent.info(f"  {run.job.name}: cancel run {run.run_id}, which took longer than its smoke test may")
            self._cancel(run)
        return False

    def _show(self, run: _Run) -> None:
        """Every change, and from time to time what goes on although nothing changes."""
        now, tasks = self._clock.monotonic(), latest_attempts(run.row)
        states = {str(task.get("task_key")): _shown_state(task) for task in tasks}
        changed = {key: state for key, state in states.items() if run.shown.get(key) != state}
        if not changed and now - run.told < _PROGRESS_SECONDS:
            return
        going = {str(task.get("task_key")): _shown_state(task) for task in tasks if not is_over(task)}
        for key, state in (changed or going).items():
            agent.info(f"  {now - run.started:5.0f} s  {run.job.name}: task {key!r} is {state}")
        self._pause = _FIRST_PAUSE if changed else self._pause
        run.shown, run.told = states, now

    def _result(self, run: _Run) -> JobResult:
        tasks = tuple(TaskResult.of(task, self._output(task)) for task in latest_attempts(run.row))
        problem = problem_of(run.row, tasks) if is_over(run.row) else "the run did not end after it was cancelled"
        if run.cancelled is not None:
            problem = f"it took longer than {run.job.test.timeout_seconds} s and was cancelled"
        seconds = self._clock.monotonic() - run.started
        return JobResult(run.job, tasks, seconds, run.run_id, run.url, problem)

    def _output(self, task: dict[str, Any]) -> dict[str, Any]:
        """Empty where there is none; a task without output is no failure."""
        if not has_run(task):
            return {}
        try:
            return self._databricks.get(OUTPUT, {"run_id": task["run_id"]})
        except _ABSENT as error:
            agent.info(f"  the output of task {task.get('task_key')!r} cannot be read: {error.message}")
            return {}

    def _cancel(self, run: _Run) -> None:
        self._databricks.post(CANCEL, {"run_id": run.run_id}, repeatable=True)
        run.cancelled = self._clock.monotonic()

    def _cancel_at_the_end(self, run: _Run) -> None:
        agent.info(f"cancel run {run.run_id} of {run.job.name!r}, which nobody follows any more")
        try:
            self._cancel(run)
        except DatabricksError as error:
            agent.warning(f"run {run.run_id} of {run.job.name!r} goes on: {error}")

    def _sleep(self) -> None:
        self._clock.sleep(self._pause)
        self._pause = min(_LONGEST_PAUSE, self._pause * 1.5)


def _shown_state(task: dict[str, Any]) -> str:
    state = task.get("state") or {}
    return str(state.get("result_state") or state.get("life_cycle_state") or "UNKNOWN")
