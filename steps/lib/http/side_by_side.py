"""The same call for many things, several at once, until one fails."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from steps.lib.errors import StepError
from steps.lib.http.session import MOST_CONNECTIONS

Item = TypeVar("Item")
Result = TypeVar("Result")
_PROBES = (1, 2, 4, 8)


@dataclass
class Outcome(Generic[Result]):
    """What became of the items, each by its number. Those in neither were not tried."""

    done: dict[int, Result] = field(default_factory=dict)
    failed: dict[int, StepError] = field(default_factory=dict)

    def results(self) -> list[Result]:
        """In the order of the items; the first error is raised, if there is one."""
        if self.failed:
            raise self.failed[min(self.failed)]
        return [self.done[number] for number in sorted(self.done)]


def each(work: Callable[[Item], Result], items: Sequence[Item], *, careful: bool = False) -> Outcome[Result]:
    """`work` for every item, sixteen at once. After a failure nothing new begins; what has begun is waited for.

    `careful` begins with one item, then two, four and eight: what is wrong with all is found out by few.
    """
    run = _Run(work, items)
    if not items:
        return run.outcome
    with ThreadPoolExecutor(min(MOST_CONNECTIONS, len(items))) as pool:
        start = 0
        for size in _PROBES if careful else ():
            # Those of one round begin together: none of them waits for how another one ends.
            if not run.outcome.failed:
                _finish([pool.submit(run.one, number) for number in range(start, min(start + size, len(items)))])
                start += size
        _finish([pool.submit(run.unless_failed, number) for number in range(start, len(items))])
    return run.outcome


def _finish(futures: Sequence[Future[None]]) -> None:
    try:
        for future in futures:
            future.result()
    except BaseException:
        # A bug, or somebody who cancels the run: what has not begun must not begin any more.
        for future in futures:
            future.cancel()
        raise


class _Run(Generic[Item, Result]):
    def __init__(self, work: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._work = work
        self._items = items
        self.outcome: Outcome[Result] = Outcome()

    def unless_failed(self, number: int) -> None:
        if not self.outcome.failed:
            self.one(number)

    def one(self, number: int) -> None:
        try:
            self.outcome.done[number] = self._work(self._items[number])
        except StepError as error:
            self.outcome.failed[number] = error
