"""The jobs of a workspace, found by id and by name without a search."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from sandbox.databricks.errors import ApiError, invalid_state
from sandbox.databricks.jobs.job import Job, Settings
from sandbox.databricks.jobs.job_clusters import policies_of
from sandbox.databricks.memory import Memory

_HOUR = 3600.0
# Above 2**53, so that a client which goes through floating point numbers is found out.
_FIRST_ID = 9_007_199_254_740_993
_SCHEDULED = "scheduled"


class JobStore:
    """Ids grow with time, so their order is that of creation. The quotas are those of a new workspace."""

    def __init__(self, memory: Memory) -> None:
        self.quota = 10_000
        self.quota_per_hour = 10_000
        self._jobs = memory.collection("job", Job)
        self._by_name = self._jobs.index(lambda job: [job.name.lower()], kept_as="name")
        self._scheduled = self._jobs.index(lambda job: [_SCHEDULED] if job.is_scheduled else [], kept_as="schedule")
        self._by_policy = self._jobs.index(lambda job: policies_of(job.settings), kept_as="policies")
        self._ids = self._jobs.view(_JobIds, lambda job: job.job_id, kept_as="id")
        # Of the last hour, oldest first; a job that was deleted counts as well.
        self._created = memory.collection("job creation", float)
        self._next_id = memory.counter("job and run", _FIRST_ID, 7919)

    def __len__(self) -> int:
        return len(self._jobs)

    def new_id(self) -> int:
        """For jobs, runs and task runs: no two of them share an id, and none comes again."""
        return self._next_id()

    def check_quota(self, now: float) -> None:
        if len(self._jobs) >= self.quota:
            message = f"The quota for the number of jobs has been reached. The current quota is {self.quota}."
            raise ApiError(400, "QUOTA_EXCEEDED", message)
        self._forget_creations(now - _HOUR)
        if len(self._created) >= self.quota_per_hour:
            message = (f"There were already {len(self._created)} jobs created in past 3600 seconds, exceeding rate "
                       "limit")
            raise invalid_state(message)

    def add(self, job: Job) -> None:
        key = str(job.job_id)
        self._jobs[key] = job
        self._created[key] = job.created

    def find(self, job_id: int) -> Job | None:
        return self._jobs.get(str(job_id))

    def change(self, job: Job, settings: Settings, *, run_as: str) -> None:
        """Give `job` new settings, and be found under its new name."""
        job.settings, job.run_as = settings, run_as
        self._jobs.changed(str(job.job_id))

    def remove(self, job: Job) -> None:
        del self._jobs[str(job.job_id)]

    def ids(self, name: str | None = None) -> list[int]:
        """Of all jobs, or of those of exactly this name in any case, oldest first. Not to be changed."""
        return self._ids() if name is None else sorted(int(key) for key in self._by_name.keys_of(name.lower()))

    def of_policy(self, policy_id: str) -> list[Job]:
        """Those one of whose own clusters is under the policy."""
        return self._by_policy.of(policy_id)

    def scheduled(self) -> list[Job]:
        """Those that time alone starts."""
        return self._scheduled.of(_SCHEDULED)

    def _forget_creations(self, until: float) -> None:
        while (oldest := next(iter(self._created), None)) is not None and self._created[oldest] <= until:
            del self._created[oldest]


class _JobIds(list[int]):
    """In their order."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        super().__init__(sorted(ids.values()))

    def change(self, key: str, job_id: int | None) -> None:
        at = bisect_left(self, int(key))
        is_there = self[at:at + 1] == [int(key)]
        if job_id is None:
            del self[at]
        elif not is_there:
            self.insert(at, job_id)
