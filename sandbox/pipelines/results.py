"""How a step, job, stage or run ends, and which of two endings wins."""
from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Result(str, Enum):
    """The value is the spelling of reports; `word` is the one expressions and logging commands use."""

    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_ISSUES = "succeededWithIssues"
    FAILED = "failed"
    CANCELED = "canceled"
    SKIPPED = "skipped"
    ABANDONED = "abandoned"

    @property
    def word(self) -> str:
        return self.value[0].upper() + self.value[1:]


_GOOD = (Result.SUCCEEDED, Result.SUCCEEDED_WITH_ISSUES)
_BY_WORD = {result.word.lower(): result for result in Result}
_WORST_LAST = (
    Result.SKIPPED, Result.SUCCEEDED, Result.SUCCEEDED_WITH_ISSUES, Result.ABANDONED, Result.CANCELED, Result.FAILED,
)


def named(word: str) -> Result | None:
    """The result of this name, in any case; None where there is no such result."""
    return _BY_WORD.get(word.lower())


def merge(result: Result | None, other: Result) -> Result:
    """The result of one task after it is told `other`: worst wins, and a bad one never changes again."""
    if result is None or (result in _GOOD and other is not Result.SUCCEEDED):
        return other
    return result


def of_parts(parts: Iterable[Result]) -> Result:
    """The result of a stage from its jobs, or a run from its stages: skipped only if every part is."""
    return max(parts, key=_WORST_LAST.index, default=Result.SKIPPED)


def is_good(result: Result) -> bool:
    return result in _GOOD
