"""How long runs are remembered."""
from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from sandbox.databricks.runs.run import Run

# Runs are removed after 60 days, without being asked for: https://docs.databricks.com/api/workspace/jobs/getrunoutput.
_KEPT = 60 * 24 * 3600


class Retention:
    """Finds the runs that have been over for too long, and looks at no other."""

    def __init__(self) -> None:
        self._ends: list[tuple[float, int]] = []

    def place(self, run: Run) -> None:
        """To be told of each run that was found, and of each change of one."""
        if run.is_over:
            heappush(self._ends, (run.end_time, run.run_id))

    def outlived(self, now: float) -> Iterator[tuple[int, float]]:
        """The ids of runs that ended so long ago, each once, and when they ended: a repaired one ends again."""
        while self._ends and self._ends[0][0] + _KEPT <= now:
            end_time, run_id = heappop(self._ends)
            yield run_id, end_time
