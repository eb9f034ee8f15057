"""The state machine of runs.

[QUEUED ->] PENDING -> RUNNING -> TERMINATING -> TERMINATED or INTERNAL_ERROR; beyond the concurrency SKIPPED. A run
moves when it is looked at, and while notebooks really run, by itself. Whatever is on its way is seen so at least once.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.databricks.delays import Waiting
from sandbox.databricks.runs.outcomes import CANCELED, TIMED_OUT, run_outcome
from sandbox.databricks.runs.run import Outcome, Repair, Run, TaskRun
from sandbox.databricks.runs.run_store import RunStore
from sandbox.databricks.runs.task_machine import TaskMachine

if TYPE_CHECKING:
    from sandbox.databricks.state import WorkspaceState

_CONCURRENCY = "MAXIMUM_CONCURRENT_RUNS_REACHED"


class RunMachine:
    """Moves runs; call it inside the workspace's lock."""

    def __init__(self, state: WorkspaceState) -> None:
        self._state = state
        self.store = RunStore()
        self._tasks = TaskMachine(state, settle=self.settle)
        self._clusters = self._tasks.clusters

    def start(self, run: Run, tasks: list[TaskRun]) -> None:
        """Begin a run, queue it, or skip it."""
        run.tasks, run.life = tasks, "QUEUED"
        limit = int(run.settings.get("max_concurrent_runs", 1))
        fits = run.run_type == "SUBMIT_RUN" or self._running(run.job_id) < limit
        self.store.add(run)
        if fits:
            self._begin(run)
        elif not run.queues or limit == 0:
            text = f"Skipping this run because the limit of {limit} maximum concurrent runs has been reached."
            outcome = Outcome(_CONCURRENCY, text, "SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR")
            for attempt in run.tasks:
                attempt.end(outcome, run.start_time)
            self._over(run, outcome, run.start_time)
        self._tasks.watch()

    def settle_all(self) -> None:
        """Let everything happen to active runs that was due by now; oldest first, so that the queue keeps its order."""
        for run in self.store.active():
            self.settle(run)

    def settle(self, run: Run) -> None:
        while not run.is_over and self._step(run):
            self.store.track(run)

    def cancel(self, run: Run) -> None:
        """Asks only: the run still shows its state for a while. Nothing happens to a run that is over."""
        now = self._state.clock.now()
        # What was to end before the cancel has ended; what only waits to be seen has not.
        if any(attempt.waiting and attempt.waiting.delay and attempt.waiting.is_over(now) for attempt in run.tasks):
            self.settle(run)
        if not run.is_over and run.cancelling is None:
            run.cancelling = Waiting(now, self._state.delays.run_cancel)

    def cancel_all(self, job_id: int | None, *, queued_only: bool = False) -> None:
        for run in self.store.active(job_id):
            if not queued_only or run.life == "QUEUED":
                self.cancel(run)

    def repair(self, run: Run, attempts: list[TaskRun]) -> int:
        """Run new attempts of some tasks of a run that is over. The id of the repair."""
        now = self._state.clock.now()
        repair = Repair(self._state.jobs.new_id(), now, tuple(attempt.run_id for attempt in attempts))
        run.repairs.append(repair)
        run.tasks.extend(attempts)
        run.result = run.message = run.code = run.blame = ""
        run.end_time, run.ending, run.cancelling = 0.0, None, None
        self._begin(run)
        self.store.track(run)
        self._tasks.watch()
        return repair.id

    def stop(self) -> None:
        """End what really runs, for a sandbox that shuts down."""
        for run in self.store.active():
            for attempt in run.tasks:
                attempt.stop.set()

    def _begin(self, run: Run) -> None:
        now = self._state.clock.now()
        run.life, run.active_since = "PENDING", now
        for attempt in run.latest.values():
            if not attempt.is_over:
                attempt.life, attempt.start_time = "BLOCKED", now
        self._tasks.advance(run, now)

    def _step(self, run: Run) -> bool:
        """Move the run as far as one step; says whether it moved."""
        now = self._state.clock.now()
        if run.life == "TERMINATING":
            return self._arrive(run, now)
        if run.cancelling is not None:
            return run.cancelling.is_over(now) and self._stop(run, CANCELED, now)
        if run.life == "QUEUED":
            return self._leave_queue(run)
        deadline = run.active_since + run.timeout if run.timeout else now
        if self._tasks.advance(run, min(now, deadline)):
            self._show_life(run)
            return True
        if all(attempt.is_over for attempt in run.latest.values()):
            return self._terminate(run, max(attempt.end_time for attempt in run.latest.values()))
        return bool(run.timeout) and now >= deadline and self._stop(run, TIMED_OUT, deadline)

    def _stop(self, run: Run, outcome: Outcome, at: float) -> bool:
        for attempt in run.latest.values():
            if not attempt.is_over:
                attempt.stop.set()
                attempt.end(outcome, at)
        run.ending = outcome
        if run.life == "QUEUED":
            self._over(run, outcome, at)
            return True
        return self._terminate(run, at)

    def _terminate(self, run: Run, at: float) -> bool:
        run.ending = run.ending or run_outcome(run)
        run.life, run.waiting = "TERMINATING", Waiting(at, self._state.delays.terminate)
        self._clusters.finish(run)
        return True

    def _arrive(self, run: Run, now: float) -> bool:
        if run.waiting is None or run.ending is None or not run.waiting.is_over(now):
            return False
        self._clusters.remove(run)
        self._over(run, run.ending, run.waiting.since + run.waiting.delay)
        return True

    def _over(self, run: Run, outcome: Outcome, at: float) -> None:
        run.end(outcome, at)
        self.store.track(run)

    def _leave_queue(self, run: Run) -> bool:
        if run.cancelling is not None or self._running(run.job_id) >= int(run.settings.get("max_concurrent_runs", 1)):
            return False
        self._begin(run)
        return True

    def _running(self, job_id: int) -> int:
        return sum(1 for run in self.store.active(job_id) if run.life != "QUEUED")

    def _show_life(self, run: Run) -> None:
        """Once a task has run, the run is running until all is done."""
        if any(attempt.life == "RUNNING" for attempt in run.tasks):
            run.life = "RUNNING"
