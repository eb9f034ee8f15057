"""What shall go wrong the next time: starts of clusters, attempts of tasks."""
from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

Cause = TypeVar("Cause")


@dataclass
class _Planned(Generic[Cause]):
    cause: Cause
    pattern: str
    times: int


class PlannedFailures(Generic[Cause]):
    """Those planned first come first; each strikes a number of times."""

    def __init__(self) -> None:
        self._planned: list[_Planned[Cause]] = []

    def add(self, cause: Cause, pattern: str = "*", times: int = 1) -> None:
        """What fits the shell `pattern` by its name ends with `cause`."""
        self._planned.append(_Planned(cause, pattern, times))

    def take(self, name: str) -> Cause | None:
        """What that which begins now under this name is to end with; it is planned once less often then."""
        for planned in self._planned:
            if planned.times > 0 and fnmatchcase(name, planned.pattern):
                planned.times -= 1
                return planned.cause
        return None
