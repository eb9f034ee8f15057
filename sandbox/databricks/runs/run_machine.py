"""The state machine of runs.

[QUEUED ->] PENDING -> RUNNING -> TERMINATING -> TERMINATED or INTERNAL_ERROR; beyond the concurrency SKIPPED. A run
moves when it is looked at, and while notebooks really run, by itself. Whatever is on its way is seen so at least once.
After a restart runs go on from where they were; a task whose process went down with the sandbox fails as one whose
driver is lost.
"""
from __future__ import annotations

from sandbox.databricks.delays import Waiting
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.runs.admission import Admission, concurrency_of
from sandbox.databricks.runs.outcomes import CANCELED, TIMED_OUT, beyond_concurrency, run_outcome
from sandbox.databricks.runs.run import Outcome, Repair, Run, TaskRun
from sandbox.databricks.runs.run_store import RunStore
from sandbox.databricks.runs.surroundings import Surroundings
from sandbox.databricks.runs.task_machine import TaskMachine


class RunMachine:
    """Moves runs; call it inside the workspace's lock."""

    def __init__(self, state: Surroundings) -> None:
        self._state = state
        self.store = RunStore(state.memory)
        self._tasks = TaskMachine(state, settle=self.settle)
        self._clusters = self._tasks.clusters
        self._settling: set[int] = set()
        self.admission = Admission(self.store.active)

    def start(self, run: Run, tasks: list[TaskRun]) -> None:
        """Begin a run, queue it, or skip it."""
        self.admission.refuse_beyond_limit(queues=run.queues)
        fits = self.admission.has_turn(run)
        run.life, run.queued_for = "QUEUED", "ACTIVE_RUNS_LIMIT_REACHED" if fits else "MAX_CONCURRENT_RUNS_REACHED"
        self.store.add(run, tasks)
        if fits and self.admission.has_room():
            self._begin(run)
        elif not run.queues or concurrency_of(run) == 0:
            outcome = beyond_concurrency(concurrency_of(run))
            for attempt in run.tasks:
                attempt.end(outcome, run.start_time)
            run.end(outcome, run.start_time)
        self.store.track(run)
        self._tasks.watch()

    def settle_all(self) -> None:
        """Let everything happen to active runs that was due by now."""
        self._settle_these(self.store.active.all())

    def settle_job(self, job_id: int) -> None:
        """The same for the runs of one job: what runs before what waits in the queue, so that it keeps its order."""
        self.settle_starting_others()
        self._settle_these(self.store.active.of(job_id))

    def settle_starting_others(self) -> None:
        """The same for runs that may start runs, which nobody could look at before."""
        self._settle_these(self.store.active.starting_others())

    def settle(self, run: Run) -> None:
        """A run whose task waits for a run that leads back to it is not settled twice."""
        if run.run_id in self._settling:
            return
        self._settling.add(run.run_id)
        try:
            while not run.is_over and self._step(run):
                self.store.track(run)
        finally:
            self._settling.discard(run.run_id)

    def cancel(self, run: Run, attempt: TaskRun | None = None) -> None:
        """Asks only: the run, or one `attempt` of it, shows its state for a while. What is over stays as it is."""
        now = self._state.clock.now()
        # What was to end before the cancel has ended; what only waits to be seen has not.
        if any(one.waiting and one.waiting.delay and one.waiting.is_over(now) for one in run.unfinished()):
            self.settle(run)
        asked: Run | TaskRun = attempt or run
        if not asked.is_over and asked.cancelling is None:
            asked.cancelling = Waiting(now, self._state.delays.run_cancel)
            self.store.track(run)
            if attempt is not None:
                self.store.track_attempt(attempt)

    def cancel_all(self, job_id: int | None, *, queued_only: bool = False) -> None:
        for run in self.store.active.of(job_id):
            if not queued_only or run.life == "QUEUED":
                self.cancel(run)

    def set_timeout(self, job_id: int, seconds: int) -> None:
        """For the active runs of a job as well; what was due until now has happened."""
        self.settle_job(job_id)
        for run in self.store.active.of(job_id):
            run.settings = {**run.settings, "timeout_seconds": seconds}
            self.store.track(run)

    def repair(self, run: Run, attempts: list[TaskRun]) -> int:
        """Run new attempts of some tasks of a run that is over. The id of the repair."""
        now = self._state.clock.now()
        repair = Repair(self._state.jobs.new_id(), now, tuple(attempt.run_id for attempt in attempts))
        run.begin_repair(repair)
        self.store.add_attempts(run, attempts)
        self._begin(run)
        self.store.track(run)
        self._tasks.watch()
        return repair.id

    def remove(self, run: Run) -> None:
        """Forget a run that is over; with a one-time run goes its hidden job, on which the rights hang."""
        self.store.remove(run)
        if run.run_type == "SUBMIT_RUN":
            self._state.access.remove_object(JOBS, str(run.job_id))

    def remove_outlived(self) -> None:
        """To be called before runs are looked for: what is too old is not there any more."""
        for run in self.store.outlived(self._state.clock.now()):
            self.remove(run)

    def stop(self) -> None:
        """End what really runs, for a sandbox that shuts down."""
        self._tasks.stop()
        for run in self.store.active.all():
            for attempt in run.unfinished():
                attempt.stop.set()

    def _settle_these(self, runs: list[Run]) -> None:
        for run in runs:
            self.settle(run)
        if runs:
            self._tasks.watch()

    def _begin(self, run: Run) -> None:
        now = self._state.clock.now()
        run.life, run.active_since = "PENDING", now
        for attempt in run.unfinished():
            attempt.life, attempt.start_time = "BLOCKED", now
            self.store.track_attempt(attempt)
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
        self._tasks.halt(run, outcome, at)
        run.ending = outcome
        if run.life == "QUEUED":
            run.end(outcome, at)
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
        run.end(run.ending, run.waiting.since + run.waiting.delay)
        return True

    def _leave_queue(self, run: Run) -> bool:
        if not self.admission.has_turn(run) or not self.admission.has_room():
            return False
        self._begin(run)
        return True

    def _show_life(self, run: Run) -> None:
        """Once a task has run, the run is running until all is done."""
        if any(attempt.life == "RUNNING" for attempt in run.tasks):
            run.life = "RUNNING"
