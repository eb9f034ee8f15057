"""Runs the notebooks of tasks in threads, outside the workspace's lock, and keeps active runs moving meanwhile."""
from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial

from sandbox.databricks.notebooks.task import RUN_HOMES, NotebookResult, NotebookRunner, NotebookTask
from sandbox.databricks.runs.run import Run, TaskRun
from sandbox.databricks.runs.surroundings import Surroundings
from sandbox.databricks.runs.work import Unexecutable, work_of

_AT_ONCE = 4
_TICK = 0.05
# A state that nobody looks at is left after as many ticks.
_UNSEEN_TICKS = 2
# Where the disk is full nothing has happened, until it happens again and there is room.
_NOT_YET = contextlib.suppress(sqlite3.OperationalError)


class Executor:
    """Without a runner it does nothing, and tasks end as their delay or a failure says.

    What the processes of a killed sandbox left behind is removed.
    """

    def __init__(self, state: Surroundings, *, settle: Callable[[Run], None]) -> None:
        self._state = state
        self._settle = settle
        self._slots = threading.Semaphore(_AT_ONCE)
        self._begun: dict[int, threading.Thread] = {}
        self._watching = False
        self._stopped = False
        shutil.rmtree(state.folder / RUN_HOMES, ignore_errors=True)
        state.memory.when_taken_back(self._forget_not_begun)

    def has_lost(self, attempt: TaskRun) -> bool:
        """Whether the process that executed `attempt` is gone with the sandbox that started it."""
        return attempt.executing and attempt.output is None and attempt.run_id not in self._begun

    def begin(self, run: Run, attempt: TaskRun) -> None:
        """Start the work of `attempt` once it is written that it has begun; call it inside the lock."""
        runner = self._state.runner
        if runner is None:
            return
        attempt.executing = True
        work = work_of(run, attempt)
        if isinstance(work, Unexecutable):
            attempt.output, attempt.finished = NotebookResult(succeeded=False, error=work.reason), self._now()
            return
        self._begun[attempt.run_id] = thread = threading.Thread(
            target=self._execute, args=(runner, work, run, attempt), daemon=True,
            name=f"run-{run.run_id}-{attempt.key}")
        self._state.memory.when_written(thread.start)

    def watch(self) -> None:
        """See to it that runs move though nobody looks; call it inside the lock where there are active runs."""
        if self._state.runner is not None and not self._watching and not self._stopped:
            self._watching = True
            threading.Thread(target=self._tick, daemon=True, name=f"runs of {self._state.name}").start()

    def stop(self) -> None:
        """From now on runs move only when they are looked at."""
        self._stopped = True

    def _execute(self, runner: NotebookRunner, work: NotebookTask, run: Run, attempt: TaskRun) -> None:
        result = NotebookResult(succeeded=False, error="the notebook runner ended without a result")
        try:
            with self._slots:
                if not attempt.stop.is_set():
                    result = runner.run(work, attempt.stop)
        except OSError as error:
            result = NotebookResult(succeeded=False, error=f"the sandbox cannot run this: {error}")
        finally:
            finished = self._now()
            while not self._has_told(run, attempt, result, finished):
                time.sleep(_TICK)

    def _has_told(self, run: Run, attempt: TaskRun, result: NotebookResult, finished: float) -> bool:
        with _NOT_YET, self._state.lock:
            attempt.output, attempt.finished = result, finished
            if self._state.runs.store.get(run.run_id) is run:
                self._state.runs.store.track_attempt(attempt)
                self._settle(run)
            self._state.memory.when_written(partial(self._begun.pop, attempt.run_id, None))
            return True
        return False

    def _forget_not_begun(self) -> None:
        self._begun = {run_id: thread for run_id, thread in self._begun.items() if thread.ident is not None}

    def _tick(self) -> None:
        for number in range(1, 10**12):
            with _NOT_YET, self._state.lock:
                store = self._state.runs.store
                active = store.active.all()
                if not active or self._stopped:
                    self._watching = False
                    return
                for run in active:
                    if number % _UNSEEN_TICKS == 0:
                        store.seen(run)
                    self._settle(run)
            time.sleep(_TICK)

    def _now(self) -> float:
        return self._state.clock.now()
