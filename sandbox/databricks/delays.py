"""How long things take, in seconds."""
from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Delays:
    """With 0 a thing is done when it is read for the second time: the first read still shows it on its way.

    Only `library_resolve`, the time a repository is asked about a package, is skipped when it is 0.
    """

    cluster_start: float = 0.0
    cluster_restart: float = 0.0
    cluster_resize: float = 0.0
    terminate: float = 0.0
    library_resolve: float = 0.0
    library_install: float = 0.0
    run_start: float = 0.0
    run_task: float = 0.0
    run_cancel: float = 0.0


@dataclass
class Waiting:
    """Something under way since `since` that takes `delay` seconds."""

    since: float
    delay: float
    was_read: bool = False

    @property
    def over_at(self) -> float:
        """Without a delay it is not known before it was read."""
        return self.since + self.delay if self.delay > 0 or self.was_read else math.inf

    def is_over(self, now: float) -> bool:
        return now >= self.over_at
