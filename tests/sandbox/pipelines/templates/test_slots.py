"""Which contexts and functions each expression of the run may name."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data

ROOT = "variables:\n  v: $[ {} ]\nsteps:\n- script: a\n"
JOB_VARIABLE = "jobs:\n- job: A\n  variables:\n    v: $[ {} ]\n"
STAGE = "stages:\n- stage: A\n  condition: {}\n"
JOB = "jobs:\n- job: A\n  condition: {}\n"
STEP = "steps:\n- script: a\n  condition: {}\n"


@pytest.mark.parametrize(
    ("slot", "expression"),
    [
        (ROOT, "variables.x"), (ROOT, "resources.x"), (ROOT, "pipeline.startTime"), (ROOT, "counter('a', 1)"),
        (JOB_VARIABLE, "dependencies.A.outputs['s.v']"), (JOB_VARIABLE, "stageDependencies.S.A.outputs['s.v']"),
        (STAGE, "and(succeeded(), eq(dependencies.A.result, 'Succeeded'))"), (JOB, "succeededOrFailed('B', 'C')"),
        (JOB, "eq(stageDependencies.S.J.outputs['s.v'], 'x')"), (JOB, "eq(pipeline.x, variables.y)"), (JOB, "false"),
        (JOB, "and\n    (\n    always(),\n    true\n    )"), (STEP, "nonsense()"), (STEP, "eq(1,"),
    ],
)
def test_accepted(final: Data, slot: str, expression: str) -> None:
    assert final(slot.format(expression))["stages"]


@pytest.mark.parametrize(
    ("slot", "expression", "name"),
    [
        (ROOT, "dependencies.A", "dependencies"), (ROOT, "parameters.x", "parameters"),
        (ROOT, "succeeded()", "succeeded"),
        (STAGE, "parameters.x", "parameters"), (JOB, "resources.x", "resources"), (JOB, "nonsense()", "nonsense"),
        (JOB, "counter('a')", "counter"),
    ],
)
def test_refused(final: Data, slot: str, expression: str, name: str) -> None:
    with pytest.raises(PipelineError, match=f"Unrecognized value: '{name}'"):
        final(slot.format(expression))


def test_status_function_in_a_template_expression_is_refused(final: Data) -> None:
    with pytest.raises(PipelineError, match="Unrecognized value: 'succeeded'"):
        final(JOB.format("${{ succeeded() }}"))
