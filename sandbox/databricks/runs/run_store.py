"""The runs of a workspace, found by id, by task run, by job and by idempotency token without a search."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from sandbox.databricks.delays import Waiting
from sandbox.databricks.errors import ApiError, invalid
from sandbox.databricks.memory import Memory
from sandbox.databricks.runs.active_runs import ActiveRuns
from sandbox.databricks.runs.retention import Retention
from sandbox.databricks.runs.run import Run, TaskRun


class RunStore:
    """Runs are kept until they are deleted, or for as long as `retention` says.

    A run and each attempt of a task are records of their own: what moves is written, and nothing else.
    """

    def __init__(self, memory: Memory) -> None:
        self._runs = memory.collection("run", Run)
        self._attempts = memory.collection("task run", TaskRun)
        self._attempts_of_run = self._attempts.index(lambda attempt: [str(attempt.job_run_id)])
        self._by_token = memory.collection("run token", int)
        self.active = ActiveRuns()
        memory.when_taken_back(self._find_all)
        self._find_all()

    def _find_all(self) -> None:
        self._order: list[int] = []
        self._by_job: dict[int, list[int]] = {}
        self._by_creator: dict[str, list[int]] = {}
        self._retention = Retention()
        self.active.forget()
        for run in self._runs.values():
            run.forget_attempts()
        for attempt in sorted(self._attempts.values(), key=lambda attempt: attempt.run_id):
            self._runs[str(attempt.job_run_id)].add(attempt)
            self.active.place_attempt(attempt)
        for run in sorted(self._runs.values(), key=lambda run: run.run_id):
            self._index(run)

    def add(self, run: Run, attempts: Iterable[TaskRun]) -> None:
        self._runs[str(run.run_id)] = run
        self.add_attempts(run, attempts)
        self._index(run)
        if run.idempotency_token:
            self._by_token[_scoped(run.run_type, run.job_id, run.idempotency_token)] = run.run_id

    def add_attempts(self, run: Run, attempts: Iterable[TaskRun]) -> None:
        for attempt in attempts:
            run.add(attempt)
            self._attempts[str(attempt.run_id)] = attempt
            self.active.place_attempt(attempt)

    def track(self, run: Run) -> None:
        """To be told after each change of `run` itself."""
        self._runs.changed(str(run.run_id))
        self._place(run)

    def track_attempt(self, attempt: TaskRun) -> None:
        """To be told after each change of `attempt`."""
        self._attempts.changed(str(attempt.run_id))
        self.active.place_attempt(attempt)

    def seen(self, run: Run) -> None:
        """What is on its way has been seen on its way, with all that it waits for."""
        looked, wanted = {run.run_id}, [run]
        while wanted:
            one = wanted.pop()
            self._look_at(one)
            awaited = [other for other in self._awaited(one) if other.run_id not in looked]
            looked.update(other.run_id for other in awaited)
            wanted += awaited

    def remove(self, run: Run) -> None:
        """The token stays: asking again with it is an error from now on."""
        del self._runs[str(run.run_id)]
        for ids in (self._order, self._by_job[run.job_id], self._by_creator[run.creator]):
            del ids[bisect_left(ids, run.run_id)]
        if not self._by_job[run.job_id]:
            # The hidden jobs of one-time runs do not come again.
            del self._by_job[run.job_id]
        for attempt in self._attempts_of_run.of(str(run.run_id)):
            del self._attempts[str(attempt.run_id)]

    def outlived(self, now: float) -> list[Run]:
        """Those that ended too long ago to be told, each once."""
        return [run for run_id, end_time in self._retention.outlived(now)
                if (run := self.get(run_id)) is not None and run.end_time == end_time]

    def find(self, run_id: int) -> tuple[Run, TaskRun | None]:
        """The run of this id, or the run and the task run of this id."""
        run, attempt = self._runs.get(str(run_id)), self._attempts.get(str(run_id))
        if run is not None:
            return run, None
        if attempt is not None:
            return self._runs[str(attempt.job_run_id)], attempt
        # 400 and not 404: the SDK has an override for exactly this reply.
        message = f"Run {run_id} does not exist."
        raise invalid(message)

    def get(self, run_id: int) -> Run | None:
        return self._runs.get(str(run_id))

    def earlier(self, run_type: str, job_id: int, token: str) -> int | None:
        """The id of the run that was started with `token`; an error if that run was deleted."""
        run_id = self._by_token.get(_scoped(run_type, job_id, token)) if token else None
        if run_id is not None and str(run_id) not in self._runs:
            message = f"The run {run_id} started with this idempotency token has been deleted."
            raise ApiError(400, "RESOURCE_DOES_NOT_EXIST", message)
        return run_id

    def ids(self, job_id: int | None = None) -> list[int]:
        """Of all runs, or of those of one job, oldest first. Not to be changed."""
        return self._order if job_id is None else self._by_job.get(job_id, [])

    def ids_of_creator(self, name: str) -> list[int]:
        return self._by_creator.get(name, [])

    def __getitem__(self, run_id: int) -> Run:
        return self._runs[str(run_id)]

    def _index(self, run: Run) -> None:
        self._order.append(run.run_id)
        self._by_job.setdefault(run.job_id, []).append(run.run_id)
        self._by_creator.setdefault(run.creator, []).append(run.run_id)
        self._place(run)

    def _place(self, run: Run) -> None:
        self.active.place(run)
        self._retention.place(run)

    def _look_at(self, run: Run) -> None:
        if _is_first_look(run.waiting) | _is_first_look(run.cancelling):
            self.track(run)
        for attempt in run.unfinished():
            if _is_first_look(attempt.waiting) | _is_first_look(attempt.cancelling):
                self.track_attempt(attempt)

    def _awaited(self, run: Run) -> list[Run]:
        """Runs that the tasks of `run` started, and those before them in the queue."""
        if not run.starts_others:
            return []
        children = (self.get(attempt.child_run_id) for attempt in run.unfinished())
        return [other for child in children if child is not None and not child.is_over
                for other in self.active.of(child.job_id)]


def _is_first_look(waiting: Waiting | None) -> bool:
    """Whether it was on its way unseen until now. What takes time moves by the clock, seen or not."""
    if waiting is None or waiting.was_read or waiting.delay:
        return False
    waiting.was_read = True
    return True


def _scoped(run_type: str, job_id: int, token: str) -> str:
    """Tokens of one-time runs are known across the workspace, those of a job within the job."""
    return f"{0 if run_type == 'SUBMIT_RUN' else job_id}/{token}"
