"""Experiments and runs, made over the routes."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply

HOME = "/Users/owner@example.test"


def mlflow(client: Client, operation: str, **body: Any) -> Reply:
    return client.ask("POST", f"2.0/mlflow/{operation}", body)


def done(client: Client, operation: str, **body: Any) -> dict[str, Any]:
    reply = mlflow(client, operation, **body)
    assert reply.status == 200, reply
    return dict(reply.body)


def start_run(client: Client, experiment_id: str, **fields: Any) -> str:
    return str(done(client, "runs/create", experiment_id=experiment_id, **fields)["run"]["info"]["run_id"])


def read_run(client: Client, run_id: str) -> dict[str, Any]:
    reply = client.get("2.0/mlflow/runs/get", run_id=run_id)
    assert reply.status == 200, reply
    return dict(reply.body["run"])


@pytest.fixture
def experiment(owner: Client) -> str:
    """The id of an experiment of the owner's."""
    return str(done(owner, "experiments/create", name=f"{HOME}/churn")["experiment_id"])


@pytest.fixture
def run(owner: Client, experiment: str) -> str:
    """The id of a run in it."""
    return start_run(owner, experiment)
