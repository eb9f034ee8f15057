"""The runs of a workspace, found by id, by task run, by job and by idempotency token without a search."""
from __future__ import annotations

from bisect import bisect_left

from sandbox.databricks.errors import ApiError, invalid
from sandbox.databricks.runs.run import Run, TaskRun


class RunStore:
    """Runs are kept until they are deleted; the real service forgets them after 60 days."""

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}
        self._of_task_run: dict[int, Run] = {}
        self._order: list[int] = []
        self._by_job: dict[int, list[int]] = {}
        self._by_token: dict[tuple[int, str], int] = {}
        self._active: dict[int, Run] = {}

    def add(self, run: Run) -> None:
        self._runs[run.run_id] = run
        self._order.append(run.run_id)
        self._by_job.setdefault(run.job_id, []).append(run.run_id)
        if run.idempotency_token:
            self._by_token[_scope(run.run_type, run.job_id), run.idempotency_token] = run.run_id
        self.track(run)

    def track(self, run: Run) -> None:
        """Remember the task runs of `run`, and whether it is active: to be told after each change of these."""
        for attempt in run.tasks:
            self._of_task_run[attempt.run_id] = run
        if run.is_over:
            self._active.pop(run.run_id, None)
        else:
            self._active[run.run_id] = run

    def remove(self, run: Run) -> None:
        """The token stays: asking again with it is an error from now on."""
        del self._runs[run.run_id]
        for ids in (self._order, self._by_job[run.job_id]):
            del ids[bisect_left(ids, run.run_id)]
        for attempt in run.tasks:
            self._of_task_run.pop(attempt.run_id, None)

    def find(self, run_id: int) -> tuple[Run, TaskRun | None]:
        """The run of this id, or the run and the task run of this id."""
        if run_id in self._runs:
            return self._runs[run_id], None
        if run_id in self._of_task_run:
            run = self._of_task_run[run_id]
            return run, next(attempt for attempt in run.tasks if attempt.run_id == run_id)
        # 400 and not 404: the SDK has an override for exactly this reply.
        message = f"Run {run_id} does not exist."
        raise invalid(message)

    def earlier(self, run_type: str, job_id: int, token: str) -> int | None:
        """The id of the run that was started with `token`; an error if that run was deleted."""
        run_id = self._by_token.get((_scope(run_type, job_id), token)) if token else None
        if run_id is not None and run_id not in self._runs:
            message = f"The run {run_id} started with this idempotency token has been deleted."
            raise ApiError(400, "RESOURCE_DOES_NOT_EXIST", message)
        return run_id

    def active(self, job_id: int | None = None) -> list[Run]:
        """Oldest first."""
        return [run for run in self._active.values() if job_id in {None, run.job_id}]

    def ids(self, job_id: int | None = None) -> list[int]:
        """Of all runs, or of those of one job, oldest first. Not to be changed."""
        return self._order if job_id is None else self._by_job.get(job_id, [])

    def __getitem__(self, run_id: int) -> Run:
        return self._runs[run_id]


def _scope(run_type: str, job_id: int) -> int:
    """Tokens of one-time runs are known across the workspace, those of a job within the job."""
    return 0 if run_type == "SUBMIT_RUN" else job_id
