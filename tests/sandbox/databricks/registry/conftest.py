"""Registered models, made over the routes."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply


def registry(client: Client, operation: str, method: str = "POST", **body: Any) -> Reply:
    return client.ask(method, f"2.0/mlflow/{operation}", body)


def done(client: Client, operation: str, method: str = "POST", **body: Any) -> dict[str, Any]:
    reply = registry(client, operation, method, **body)
    assert reply.status == 200, reply
    return dict(reply.body)


def add_version(client: Client, name: str = "churn", **fields: Any) -> str:
    body = {"name": name, "source": "dbfs:/elsewhere/model", **fields}
    return str(done(client, "model-versions/create", **body)["model_version"]["version"])


def read_version(client: Client, version: str, name: str = "churn") -> dict[str, Any]:
    return dict(done(client, "model-versions/get", "GET", name=name, version=version)["model_version"])


def share(client: Client, name: str, level: str, user: str = "stranger@example.test") -> None:
    found = done(client, "databricks/registered-models/get", "GET", name=name)["registered_model_databricks"]
    entries = [{"user_name": user, "permission_level": level}]
    reply = client.ask("PATCH", f"2.0/permissions/registered-models/{found['id']}", {"access_control_list": entries})
    assert reply.status == 200, reply


@pytest.fixture
def model(owner: Client) -> str:
    """The name of a registered model of the owner's."""
    return str(done(owner, "registered-models/create", name="churn")["registered_model"]["name"])
