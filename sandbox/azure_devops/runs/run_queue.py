"""The queue of pipeline runs: so many at once, batches per branch, and a folder of records for each."""
from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.azure_devops.runs.agent_seats import AgentSeat
from sandbox.azure_devops.runs.run_history import RunHistory, RunRecord, order_data, record_of
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_record import is_full, write_order, write_record, write_result
from sandbox.clock import Clock, SystemClock
from sandbox.pipelines.request import RunResult


@dataclass
class Run:
    """`number` is the build number, known as soon as the run has one; times are seconds since 1970."""

    id: int
    order: RunOrder
    folder: Path
    seat: AgentSeat = field(repr=False)
    state: str = "notStarted"
    result: RunResult | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    number: str = ""
    queued: float = 0.0
    started: float | None = None
    finished: float | None = None

    @property
    def outcome(self) -> str:
        """`succeeded`, `failed`, ... once the run has ended; before that its state."""
        return self.result.result if self.result else self.state

    def data(self) -> dict[str, object]:
        """What its folder keeps of it beside the result."""
        cancelling = self.cancelled.is_set() and self.state != "completed"
        return {**order_data(self.id, self.order), "state": "cancelling" if cancelling else self.state,
                "number": self.number, "queued": self.queued, "started": self.started, "finished": self.finished}

    def record(self) -> RunRecord:
        ended = {"result": self.result.result, "error": self.result.error} if self.result else {}
        return record_of({**self.data(), **ended}, self.folder)


_TICK = 0.000_01
Execute = Callable[[Run], RunResult]


class RunQueue:
    """Executes runs in threads, at most `parallel` at once; further ones wait for an agent."""

    def __init__(self, folder: Path, execute: Execute, *, parallel: int = 2, clock: Clock | None = None) -> None:
        self._folder = folder
        self._execute = execute
        self._clock = clock or SystemClock()
        self._agents = threading.Semaphore(parallel)
        self._changed = threading.Condition()
        self._runs: dict[int, Run] = {}
        self._threads: set[threading.Thread] = set()
        self._waiting: dict[tuple[int, str], RunOrder] = {}
        self._stopped = False
        self._last_time = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        self._history = RunHistory(folder)
        self._last_id = max(self._history.numbers(), default=0)

    def queue(self, order: RunOrder) -> Run | None:
        """Start a run, or None where the order became part of the batch that waits for its lane."""
        with self._changed:
            if self._stopped:
                return None
            if order.batch and self._is_busy(order.lane):
                self._waiting[order.lane] = order
                return None
            return self._start(order)

    def runs(self) -> list[Run]:
        """The runs of this process, oldest first."""
        with self._changed:
            return list(self._runs.values())

    def record(self, number: int) -> RunRecord | None:
        """The run of this number, of whatever process."""
        with self._changed:
            run = self._runs.get(number)
            return run.record() if run else self._history.get(number)

    def records(self) -> Iterator[RunRecord]:
        """Every run, newest first."""
        return (one for number in reversed(self._history.numbers()) if (one := self.record(number)))

    def cancel(self, number: int) -> None:
        """Ask a run of this process to end; nothing for one that has."""
        with self._changed:
            run = self._runs.get(number)
            if run and run.state != "completed":
                run.cancelled.set()

    def wait(self, timeout: float) -> bool:
        """True as soon as nothing runs and nothing waits; False if `timeout` seconds pass first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._threads, timeout)

    def goes_on(self, order: RunOrder) -> bool:
        """Whether a run of the same pipeline and branch for the same reason has not ended yet."""
        with self._changed:
            return any(run.order.lane == order.lane and run.order.reason == order.reason and run.state != "completed"
                       for run in self._runs.values())

    def last_good_commit(self, order: RunOrder) -> str | None:
        """The commit of the newest good run of the same pipeline and branch for the same reason, restarts or not."""
        return self._history.last_good_commit(order)

    def stop(self, timeout: float = 10) -> None:
        """Cancel what runs, drop what waits, and give the threads `timeout` seconds to end."""
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            for run in self._runs.values():
                run.cancelled.set()
        self.wait(timeout)

    def _is_busy(self, lane: tuple[int, str]) -> bool:
        return any(run.order.lane == lane and run.state != "completed" for run in self._runs.values())

    def _start(self, order: RunOrder) -> Run:
        self._last_id += 1
        # No two runs at the same time: lists are paged by it.
        self._last_time = max(self._clock.now(), self._last_time + _TICK)
        run = Run(self._last_id, order, self._folder / str(self._last_id), AgentSeat(self._agents),
                  queued=self._last_time)
        run.folder.mkdir()
        write_order(run.folder, run.data())
        self._runs[run.id] = run
        thread = threading.Thread(target=self._work, args=(run,), name=f"run {run.id}", daemon=True)
        self._threads.add(thread)
        thread.start()
        return run

    def _work(self, run: Run) -> None:
        result = RunResult("failed", error="the sandbox has a bug: its log has the traceback")
        try:
            with run.seat:
                run.state, run.started = "inProgress", self._clock.now()
                result = RunResult("canceled") if run.cancelled.is_set() else self._execute(run)
        finally:
            self._end(run, result)

    def _end(self, run: Run, result: RunResult) -> None:
        try:
            run.finished = self._clock.now()
            _keep(run, result)
        finally:
            self._leave(run, result)

    def _leave(self, run: Run, result: RunResult) -> None:
        with self._changed:
            run.result = result
            run.state = "completed"
            waiting = self._waiting.pop(run.order.lane, None)
            if waiting:
                self._start(waiting)
            self._threads.discard(threading.current_thread())
            self._changed.notify_all()


def _keep(run: Run, result: RunResult) -> None:
    """Write what the run leaves; a full disk has room again once the agents' folders are gone."""
    work = run.folder / "work"
    try:
        write_record(run.folder, run.data(), result)
    except OSError as error:
        if not is_full(error):
            raise
        shutil.rmtree(work, ignore_errors=True)
        # Without a result the run counts as abandoned at the next start.
        with contextlib.suppress(OSError):
            write_result(run.folder, run.data(), result)
    shutil.rmtree(work, ignore_errors=True)
