"""How one job becomes several: the legs of a matrix, or the slices of `parallel`."""
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.pipelines.conditions import Contexts, runtime_expression, runtime_value
from sandbox.pipelines.model import Expression, Job
from sandbox.pipelines.nodes import PipelineError


@dataclass(frozen=True)
class Leg:
    """One of the jobs a job becomes; without a strategy there is one with no name."""

    name: str
    variables: Mapping[str, str]


def legs_of(job: Job, contexts: Contexts) -> list[Leg]:
    """Raises PipelineError where a matrix that is computed at run time is not one."""
    if job.strategy.parallel:
        return [_slice(number, job.strategy.parallel) for number in range(1, job.strategy.parallel + 1)]
    matrix = job.strategy.matrix
    if matrix is None:
        return [Leg("", {})]
    rows = _computed(matrix, contexts) if isinstance(matrix, Expression) else matrix
    return [Leg(name, values) for name, values in rows.items()]


def _slice(number: int, total: int) -> Leg:
    return Leg(f"job{number}", {
        "System.JobPositionInPhase": str(number), "System.TotalJobsInPhase": str(total),
    })


def _computed(matrix: Expression, contexts: Contexts) -> dict[str, dict[str, str]]:
    text = runtime_expression(matrix.text)
    if text is None:
        message = f"a matrix has to be a mapping or a runtime expression, got '{matrix.text}'"
        raise PipelineError(message, matrix.position)
    value = runtime_value(text, matrix.position, contexts, {})
    try:
        rows = json.loads(value)
        return {str(name): {str(key): str(item) for key, item in row.items()} for name, row in rows.items()}
    except (ValueError, AttributeError) as error:
        message = f"the matrix of the job came out as {value!r}, expected a JSON object of objects"
        raise PipelineError(message, matrix.position) from error
