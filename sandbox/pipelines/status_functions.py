"""`succeeded()`, `failed()` and their kin: over results of dependencies for jobs and stages, over one status for steps.

Truth tables: the agent's src/Test/L0/Worker/ExpressionManagerL0.cs for steps, recorded runs of the service for jobs.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sandbox.pipelines.expressions import Function, Value, to_text
from sandbox.pipelines.results import Result, is_good

Functions = Mapping[str, Function]

_RAN = (Result.SUCCEEDED, Result.SUCCEEDED_WITH_ISSUES, Result.FAILED)


def of_dependencies(results: Mapping[str, Result], *, canceled: bool) -> Functions:
    """The functions in a job's or stage's condition; `results` has every direct and indirect dependency."""
    folded = {name.casefold(): result for name, result in results.items()}

    def over(rule: Callable[[Sequence[Result | None]], bool]) -> Callable[[Sequence[Value]], Value]:
        def call(names: Sequence[Value]) -> Value:
            chosen = [folded.get(to_text(name).casefold()) for name in names] if names else list(folded.values())
            return not canceled and rule(chosen)

        return call

    return {
        "always": Function(0, 0, lambda _: True),
        "canceled": Function(0, 0, lambda _: canceled),
        "succeeded": Function(0, None, over(_all_good)),
        "failed": Function(0, None, over(lambda chosen: Result.FAILED in chosen)),
        "succeededorfailed": Function(0, None, over(lambda chosen: not chosen or any(one in _RAN for one in chosen))),
    }


def of_status(status: Result | None) -> Functions:
    """The functions in a step's condition, from the status of its job; None before any step said otherwise."""
    good = status is None or is_good(status)
    return {
        "always": Function(0, 0, lambda _: True),
        "canceled": Function(0, 0, lambda _: status is Result.CANCELED),
        "succeeded": Function(0, 0, lambda _: good),
        "failed": Function(0, 0, lambda _: status is Result.FAILED),
        "succeededorfailed": Function(0, 0, lambda _: good or status is Result.FAILED),
    }


def _all_good(chosen: Sequence[Result | None]) -> bool:
    return all(result is not None and is_good(result) for result in chosen)
