"""The queue of pipeline runs: so many at once, batches per branch, and a folder of records for each."""
from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.azure_devops.runs.agent_seats import AgentSeat
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_record import last_good_commit, write_order, write_record
from sandbox.pipelines.request import RunResult


@dataclass
class Run:
    id: int
    order: RunOrder
    folder: Path
    seat: AgentSeat = field(repr=False)
    state: str = "notStarted"
    result: RunResult | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def outcome(self) -> str:
        """`succeeded`, `failed`, ... once the run has ended; before that its state."""
        return self.result.result if self.result else self.state


Execute = Callable[[Run], RunResult]


class RunQueue:
    """Executes runs in threads, at most `parallel` at once; further ones wait for an agent."""

    def __init__(self, folder: Path, execute: Execute, *, parallel: int = 2) -> None:
        self._folder = folder
        self._execute = execute
        self._agents = threading.Semaphore(parallel)
        self._changed = threading.Condition()
        self._runs: dict[int, Run] = {}
        self._threads: set[threading.Thread] = set()
        self._waiting: dict[tuple[int, str], RunOrder] = {}
        self._stopped = False
        folder.mkdir(parents=True, exist_ok=True)
        self._last_id = max((int(one.name) for one in folder.iterdir() if one.name.isdigit()), default=0)

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
        return last_good_commit(self._folder, order)

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
        run = Run(self._last_id, order, self._folder / str(self._last_id), AgentSeat(self._agents))
        run.folder.mkdir()
        write_order(run.id, run.order, run.folder)
        self._runs[run.id] = run
        thread = threading.Thread(target=self._work, args=(run,), name=f"run {run.id}", daemon=True)
        self._threads.add(thread)
        thread.start()
        return run

    def _work(self, run: Run) -> None:
        result = RunResult("failed", error="the sandbox has a bug: its log has the traceback")
        try:
            with run.seat:
                run.state = "inProgress"
                result = RunResult("canceled") if run.cancelled.is_set() else self._execute(run)
        finally:
            self._end(run, result)

    def _end(self, run: Run, result: RunResult) -> None:
        try:
            write_record(run.id, run.order, result, run.folder)
            shutil.rmtree(run.folder / "work", ignore_errors=True)
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
