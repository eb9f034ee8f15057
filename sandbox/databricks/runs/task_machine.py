"""The state machine of task runs: BLOCKED -> PENDING -> RUNNING -> TERMINATED, again after WAITING_FOR_RETRY."""
from __future__ import annotations

from collections.abc import Callable

from sandbox.databricks.delays import Waiting
from sandbox.databricks.runs.control_tasks import ControlTasks
from sandbox.databricks.runs.executor import Executor
from sandbox.databricks.runs.outcomes import (
    CANCELED,
    DRIVER_LOST,
    SUCCESS,
    TIMED_OUT,
    WORKLOAD_FAILED,
    result_for,
    skipped_for,
)
from sandbox.databricks.runs.run import Outcome, Run, TaskRun
from sandbox.databricks.runs.run_clusters import RunClusters
from sandbox.databricks.runs.surroundings import Surroundings


class TaskMachine:
    """Moves the tasks of one run at a time; `settle` is called when a task that really runs has ended.

    Whatever an attempt goes through is tracked here, so that it outlives the process.
    """

    def __init__(self, state: Surroundings, *, settle: Callable[[Run], None]) -> None:
        self._state = state
        self.clusters = RunClusters(state)
        self._executor = Executor(state, settle=settle)
        self._control = ControlTasks(state)

    def watch(self) -> None:
        self._executor.watch()

    def stop(self) -> None:
        self._executor.stop()

    def advance(self, run: Run, now: float) -> bool:
        """Move every task that can move by `now`; says whether one did."""
        moved = [self._moved(run, attempt, now) for attempt in list(run.unfinished())]
        return any(moved)

    def halt(self, run: Run, outcome: Outcome, at: float) -> None:
        """End all that is not over."""
        for attempt in list(run.unfinished()):
            self._halt(attempt, outcome, at)

    def _moved(self, run: Run, attempt: TaskRun, now: float) -> bool:
        moved = self._advance(run, attempt, now)
        if moved:
            self._state.runs.store.track_attempt(attempt)
        return moved

    def _advance(self, run: Run, attempt: TaskRun, now: float) -> bool:
        if attempt.cancelling is not None and attempt.cancelling.is_over(now):
            return self._cut_off(run, attempt, CANCELED, now)
        if attempt.life == "BLOCKED":
            return not attempt.for_each and self._unblock(run, attempt)
        if attempt.life == "RUNNING":
            return self._work(run, attempt, now)
        if attempt.waiting is None or not attempt.waiting.is_over(now):
            return False
        at = attempt.waiting.since + attempt.waiting.delay
        if attempt.life == "WAITING_FOR_RETRY":
            self._wait_for_cluster(run, attempt, at)
            return True
        return self._execute(run, attempt, at)

    def _unblock(self, run: Run, attempt: TaskRun) -> bool:
        needed = [(run.latest[row["task_key"]], row) for row in attempt.task.get("depends_on", ())
                  if row["task_key"] in run.latest]
        if not all(other.is_over for other, _ in needed):
            return False
        at = max((other.end_time for other, _ in needed), default=run.active_since)
        reason = skipped_for(attempt.task, [result_for(other, row) for other, row in needed])
        if reason is not None:
            attempt.start_time = at
            attempt.end(reason, at)
        else:
            self._wait_for_cluster(run, attempt, max(at, run.active_since))
        return True

    def _wait_for_cluster(self, run: Run, attempt: TaskRun, at: float) -> None:
        attempt.life, attempt.start_time = "PENDING", at
        attempt.waiting = Waiting(at, self._state.delays.run_start)
        trouble = self.clusters.take(run, attempt)
        if trouble is not None:
            attempt.end(trouble, at)

    def _execute(self, run: Run, attempt: TaskRun, at: float) -> bool:
        had_started = attempt.started_cluster
        ready = self.clusters.ready_since(run, attempt)
        if isinstance(ready, Outcome):
            self._end(run, attempt, ready, self._state.clock.now())
        elif ready is not None:
            attempt.life, attempt.execution_start = "RUNNING", max(at, ready)
            attempt.failure = self._state.task_failures.take(attempt.key) or ""
            delay = 0.0 if self._state.runner is not None else self._state.delays.run_task
            attempt.waiting = Waiting(attempt.execution_start, delay)
            if self._control.takes(attempt):
                attempt.waiting = None
                self._control.begin(run, attempt)
            elif not attempt.failure:
                self._executor.begin(run, attempt)
        return ready is not None or attempt.started_cluster != had_started

    def _work(self, run: Run, attempt: TaskRun, now: float) -> bool:
        if self._executor.has_lost(attempt):
            return self._end(run, attempt, DRIVER_LOST, now)
        if self._begin_iterations(run, attempt):
            return True
        ended = self._ended(run, attempt, now)
        limit = attempt.task.get("timeout_seconds", 0)
        if limit and (ended is None or ended > attempt.execution_start + limit):
            if now < attempt.execution_start + limit:
                return False
            return self._cut_off(run, attempt, TIMED_OUT, attempt.execution_start + limit)
        loss = self.clusters.loss(attempt)
        if loss is not None:
            attempt.stop.set()
            return self._end(run, attempt, loss, now)
        return ended is not None and self._end(run, attempt, self._outcome(run, attempt), ended)

    def _cut_off(self, run: Run, attempt: TaskRun, outcome: Outcome, at: float) -> bool:
        for iteration in run.iterations(attempt):
            self._halt(iteration, outcome, at)
        self._stop(attempt)
        return self._end(run, attempt, outcome, at)

    def _begin_iterations(self, run: Run, attempt: TaskRun) -> bool:
        begun = self._control.next_iterations(run, attempt)
        for iteration, at in begun:
            self._wait_for_cluster(run, iteration, at)
            self._state.runs.store.track_attempt(iteration)
        return bool(begun)

    def _ended(self, run: Run, attempt: TaskRun, now: float) -> float | None:
        """When the work ended, None if it has not, or was not seen working yet."""
        if self._control.takes(attempt):
            return self._control.ended(run, attempt)
        if attempt.waiting is None or not attempt.waiting.is_over(now):
            return None
        if attempt.executing:
            return attempt.finished if attempt.output is not None else None
        return attempt.waiting.since + attempt.waiting.delay

    def _outcome(self, run: Run, attempt: TaskRun) -> Outcome:
        if attempt.failure:
            return WORKLOAD_FAILED
        if self._control.takes(attempt):
            return self._control.outcome(run, attempt)
        return SUCCESS if attempt.output is None or attempt.output.succeeded else WORKLOAD_FAILED

    def _end(self, run: Run, attempt: TaskRun, outcome: Outcome, at: float) -> bool:
        attempt.end(outcome, at)
        most = attempt.task.get("max_retries", 0)
        again = outcome.result == "FAILED" or (outcome.result == "TIMEDOUT" and attempt.task.get("retry_on_timeout"))
        if again and (most < 0 or attempt.attempt < most):
            self._retry(run, attempt, at)
        return True

    def _retry(self, run: Run, failed: TaskRun, at: float) -> None:
        pause = failed.task.get("min_retry_interval_millis", 0) / 1000
        again = TaskRun(self._state.jobs.new_id(), "WAITING_FOR_RETRY", at, task=failed.task,
                        job_run_id=run.run_id, attempt=failed.attempt + 1, first_run_id=failed.first_run_id,
                        for_each=failed.for_each, item=failed.item, waiting=Waiting(at, pause))
        self._state.runs.store.add_attempts(run, [again])

    def _halt(self, attempt: TaskRun, outcome: Outcome, at: float) -> None:
        if not attempt.is_over:
            self._stop(attempt)
            attempt.end(outcome, at)
            self._state.runs.store.track_attempt(attempt)

    def _stop(self, attempt: TaskRun) -> None:
        attempt.stop.set()
        self._control.stop(attempt)
