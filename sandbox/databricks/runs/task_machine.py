"""The state machine of task runs: BLOCKED -> PENDING -> RUNNING -> TERMINATED, again after WAITING_FOR_RETRY."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.databricks.delays import Waiting
from sandbox.databricks.runs.executor import Executor
from sandbox.databricks.runs.outcomes import SUCCESS, TIMED_OUT, WORKLOAD_FAILED, skipped_for
from sandbox.databricks.runs.run import Outcome, Run, TaskRun
from sandbox.databricks.runs.run_clusters import RunClusters

if TYPE_CHECKING:
    from sandbox.databricks.state import WorkspaceState


class TaskMachine:
    """Moves the tasks of one run at a time; `settle` is called when a task that really runs has ended."""

    def __init__(self, state: WorkspaceState, *, settle: Callable[[Run], None]) -> None:
        self._state = state
        self.clusters = RunClusters(state)
        self._executor = Executor(state, settle=settle)

    def watch(self) -> None:
        self._executor.watch()

    def advance(self, run: Run, now: float) -> bool:
        """Move every task that can move by `now`; says whether one did."""
        moved = [self._advance(run, attempt, now) for attempt in run.latest.values() if not attempt.is_over]
        return any(moved)

    def _advance(self, run: Run, attempt: TaskRun, now: float) -> bool:
        if attempt.life == "BLOCKED":
            return self._unblock(run, attempt)
        if attempt.life == "RUNNING":
            return self._work(run, attempt, now)
        if attempt.waiting is None or not attempt.waiting.is_over(now):
            return False
        if attempt.life == "WAITING_FOR_RETRY":
            self._wait_for_cluster(run, attempt, attempt.waiting.since + attempt.waiting.delay)
            return True
        return self._execute(run, attempt, attempt.waiting.since + attempt.waiting.delay)

    def _unblock(self, run: Run, attempt: TaskRun) -> bool:
        latest = run.latest
        needed = [latest[row["task_key"]] for row in attempt.task.get("depends_on", ()) if row["task_key"] in latest]
        if not all(other.is_over for other in needed):
            return False
        at = max((other.end_time for other in needed), default=run.active_since)
        reason = skipped_for(attempt.task, [other.result for other in needed])
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
        ready = self.clusters.ready_since(attempt)
        if isinstance(ready, Outcome):
            self._end(run, attempt, ready, self._state.clock.now())
        elif ready is not None:
            attempt.life, attempt.execution_start = "RUNNING", max(at, ready)
            attempt.failure = self._state.next_task_failure(attempt.key)
            delay = 0.0 if self._state.runner is not None else self._state.delays.run_task
            attempt.waiting = Waiting(attempt.execution_start, delay)
            if not attempt.failure:
                self._executor.begin(run, attempt)
        return ready is not None

    def _work(self, run: Run, attempt: TaskRun, now: float) -> bool:
        ended = self._ended(attempt, now)
        limit = attempt.task.get("timeout_seconds", 0)
        if limit and (ended is None or ended > attempt.execution_start + limit):
            if now < attempt.execution_start + limit:
                return False
            attempt.stop.set()
            return self._end(run, attempt, TIMED_OUT, attempt.execution_start + limit)
        loss = self.clusters.loss(attempt)
        if loss is not None:
            attempt.stop.set()
            return self._end(run, attempt, loss, now)
        if ended is None:
            return False
        good = attempt.output.succeeded if attempt.output is not None else not attempt.failure
        return self._end(run, attempt, SUCCESS if good else WORKLOAD_FAILED, ended)

    def _ended(self, attempt: TaskRun, now: float) -> float | None:
        """When the work ended, None if it has not, or was not seen working yet."""
        if attempt.waiting is None or not attempt.waiting.is_over(now):
            return None
        if self._executor.has(attempt):
            return attempt.finished if attempt.output is not None else None
        return attempt.waiting.since + attempt.waiting.delay

    def _end(self, run: Run, attempt: TaskRun, outcome: Outcome, at: float) -> bool:
        attempt.end(outcome, at)
        most = attempt.task.get("max_retries", 0)
        again = outcome.result == "FAILED" or (outcome.result == "TIMEDOUT" and attempt.task.get("retry_on_timeout"))
        if again and (most < 0 or attempt.attempt < most):
            self._retry(run, attempt, at)
        return True

    def _retry(self, run: Run, failed: TaskRun, at: float) -> None:
        pause = failed.task.get("min_retry_interval_millis", 0) / 1000
        run.tasks.append(TaskRun(self._state.jobs.new_id(), "WAITING_FOR_RETRY", at, task=failed.task,
                                 attempt=failed.attempt + 1, first_run_id=failed.first_run_id,
                                 waiting=Waiting(at, pause)))
