"""Which runs may begin: no more of a job than it allows, no more tasks than the workspace runs at once."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError
from sandbox.databricks.runs.active_runs import ActiveRuns
from sandbox.databricks.runs.run import Run


class Admission:
    def __init__(self, active: ActiveRuns) -> None:
        self._active = active
        # https://learn.microsoft.com/azure/databricks/resources/limits
        self.most_tasks_at_once = 2000

    def refuse_beyond_limit(self, *, queues: bool) -> None:
        """Whoever does not wait in a queue is turned away where the workspace runs all the tasks it may."""
        if not queues and not self.has_room():
            busy = self._active.busy()
            message = f"There are already {busy} active task runs (limit: {self.most_tasks_at_once})."
            raise ApiError(429, "REQUEST_LIMIT_EXCEEDED", message)

    def has_room(self) -> bool:
        """In the workspace."""
        return self._active.busy() < self.most_tasks_at_once

    def has_turn(self, run: Run) -> bool:
        """Among the runs of its job. A run that was submitted has none beside it."""
        return run.run_type == "SUBMIT_RUN" or self._active.running(run.job_id) < concurrency_of(run)


def concurrency_of(run: Run) -> int:
    """How many runs of its job may run at the same time."""
    return int(run.settings.get("max_concurrent_runs", 1))
