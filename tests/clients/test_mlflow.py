"""mlflow-skinny 2.22.0 as judge of tracking and of both registries."""
from __future__ import annotations

import pytest

from tests.clients.conftest import client
from tests.clients.environments import Environment
from tests.clients.machine import Machine

SHOWN = """\
experiment /Users/admin@example.test/churn admin@example.test
relative name INVALID_PARAMETER_VALUE
run FINISHED first {'depth': '3', 'rate': '0.1'} {'rmse': 0.5, 'loss': nan} risk
history [(0, 0.9), (1, 0.5)]
artifacts [('empty.txt', 0), ('model', None), ('notes', None)]
read hello
found ['first']
found []
no change of INVALID_PARAMETER_VALUE
registered 1 PENDING_REGISTRATION READY
latest [('1', 'Production')]
downloaded 1000
searched [{'approved': 'yes'}] ['churn']
taken RESOURCE_ALREADY_EXISTS
deleted RESOURCE_DOES_NOT_EXIST
experiment deleted"""


@pytest.fixture
def mlflow() -> Environment:
    return client("mlflow_skinny")


def own(lines: list[str]) -> list[str]:
    """Without what mlflow itself prints, each line of which begins with a picture."""
    return [line for line in lines if line[0].isascii()]


def test_runs_are_tracked_and_models_are_kept(mlflow: Environment, member: Machine) -> None:
    """G4: experiments and runs with artifacts; G5: a model version becomes READY, changes its stage, and is loaded."""
    assert own(member.program(mlflow, "mlflow_client")) == SHOWN.splitlines()


def test_models_of_unity_catalog_have_aliases(mlflow: Environment, member: Machine) -> None:
    """G5: names of three parts, and an alias that leads to a version."""
    assert own(member.program(mlflow, "mlflow_unity_catalog")) == [
        "registered main.default.churn 1 READY", "alias 1", "downloaded 1000", "two parts INVALID_PARAMETER_VALUE",
        "no alias RESOURCE_DOES_NOT_EXIST", "deleted RESOURCE_DOES_NOT_EXIST"]
