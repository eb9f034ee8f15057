"""The runs that are not over, by job: those that run, those that wait in the queue, those that start others."""
from __future__ import annotations

from sandbox.databricks.runs.run import Run, TaskRun

_BUSY = frozenset({"PENDING", "RUNNING"})


class ActiveRuns:
    """Each group is in the order in which runs came into it."""

    def __init__(self) -> None:
        self._all: dict[int, Run] = {}
        self._starting_others: dict[int, Run] = {}
        self._queued: dict[int, dict[int, Run]] = {}
        self._running: dict[int, dict[int, Run]] = {}
        self._busy: set[int] = set()

    def forget(self) -> None:
        """All of them: they are about to be told anew."""
        for group in (self._all, self._starting_others, self._queued, self._running, self._busy):
            group.clear()

    def place(self, run: Run) -> None:
        """To be told of a new run, and after each change of one."""
        is_queued = run.life == "QUEUED"
        _put(self._all, run, belongs=not run.is_over)
        _put(self._starting_others, run, belongs=run.starts_others and not run.is_over)
        for groups, belongs in ((self._queued, is_queued), (self._running, not run.is_over and not is_queued)):
            group = groups.setdefault(run.job_id, {})
            _put(group, run, belongs=belongs)
            if not group:
                del groups[run.job_id]

    def place_attempt(self, attempt: TaskRun) -> None:
        """As `place`, of the attempts of tasks."""
        if attempt.life in _BUSY:
            self._busy.add(attempt.run_id)
        else:
            self._busy.discard(attempt.run_id)

    def all(self) -> list[Run]:
        return list(self._all.values())

    def of(self, job_id: int | None) -> list[Run]:
        """Those of a job, which run before those that wait in the queue, oldest first; without a job, all."""
        if job_id is None:
            return self.all()
        return [*self._running.get(job_id, {}).values(), *self._queued.get(job_id, {}).values()]

    def starting_others(self) -> list[Run]:
        """Those with tasks that run other jobs: who looks at those may be the first to see that they run."""
        return list(self._starting_others.values())

    def running(self, job_id: int) -> int:
        """How many have left the queue."""
        return len(self._running.get(job_id, ()))

    def busy(self) -> int:
        """How many attempts have begun and are not over, in the whole workspace."""
        return len(self._busy)


def _put(group: dict[int, Run], run: Run, *, belongs: bool) -> None:
    if belongs:
        group[run.run_id] = run
    else:
        group.pop(run.run_id, None)
