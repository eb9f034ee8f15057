"""The jobs of a workspace, found by id and by name without a search."""
from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import deque

from sandbox.databricks.errors import ApiError, invalid_state
from sandbox.databricks.jobs.job import Job

_HOUR = 3600.0
# Above 2**53, so that a client which goes through floating point numbers is found out.
_FIRST_ID = 9_007_199_254_740_993


class JobStore:
    """Ids grow with time, so their order is that of creation. The quotas are those of a new workspace."""

    def __init__(self) -> None:
        self.quota = 10_000
        self.quota_per_hour = 10_000
        self._jobs: dict[int, Job] = {}
        self._order: list[int] = []
        self._by_name: dict[str, dict[int, None]] = {}
        self._created: deque[float] = deque()
        self._ids = itertools.count(_FIRST_ID, 7919)

    def __len__(self) -> int:
        return len(self._jobs)

    def new_id(self) -> int:
        """For jobs, runs and task runs: no two of them share an id."""
        return next(self._ids)

    def check_quota(self, now: float) -> None:
        if len(self._jobs) >= self.quota:
            message = f"The quota for the number of jobs has been reached. The current quota is {self.quota}."
            raise ApiError(400, "QUOTA_EXCEEDED", message)
        while self._created and self._created[0] <= now - _HOUR:
            self._created.popleft()
        if len(self._created) >= self.quota_per_hour:
            message = (f"There were already {len(self._created)} jobs created in past 3600 seconds, exceeding rate "
                       "limit")
            raise invalid_state(message)

    def add(self, job: Job) -> None:
        self._jobs[job.job_id] = job
        self._order.append(job.job_id)
        self._created.append(job.created)
        self._index(job)

    def find(self, job_id: int) -> Job | None:
        return self._jobs.get(job_id)

    def rename(self, job: Job, settings: dict[str, object]) -> None:
        """Give `job` new settings, and be found under the new name."""
        self._unindex(job)
        job.settings = settings
        self._index(job)

    def remove(self, job: Job) -> None:
        self._unindex(job)
        del self._jobs[job.job_id], self._order[bisect_left(self._order, job.job_id)]

    def ids(self, name: str | None = None) -> list[int]:
        """Of all jobs, or of those of exactly this name in any case, oldest first. Not to be changed."""
        return self._order if name is None else sorted(self._by_name.get(name.lower(), ()))

    def _index(self, job: Job) -> None:
        self._by_name.setdefault(job.name.lower(), {})[job.job_id] = None

    def _unindex(self, job: Job) -> None:
        ids = self._by_name[job.name.lower()]
        del ids[job.job_id]
        if not ids:
            del self._by_name[job.name.lower()]
