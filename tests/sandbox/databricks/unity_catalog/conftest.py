"""Models in Unity Catalog, made over the routes."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply

CHURN = "main.default.churn"
MODELS = "2.1/unity-catalog/models"


def unity(client: Client, method: str, path: str, **body: Any) -> Reply:
    """The REST API."""
    return client.ask(method, f"2.1/unity-catalog/{path}", body)


def mlflow(client: Client, route: str, method: str = "POST", **body: Any) -> Reply:
    """The routes of mlflow 2."""
    return client.ask(method, f"2.0/mlflow/unity-catalog/{route}", body)


def told(reply: Reply) -> dict[str, Any]:
    assert reply.status == 200, reply
    return dict(reply.body)


def add_version(client: Client, name: str = CHURN, **fields: Any) -> str:
    """A new version that is ready."""
    made = told(mlflow(client, "model-versions/create", name=name, **{"source": "dbfs:/x", **fields}))["model_version"]
    told(mlflow(client, "model-versions/finalize", name=name, version=made["version"]))
    return str(made["version"])


@pytest.fixture
def model(owner: Client) -> str:
    """The full name of a model of the owner's."""
    made = told(unity(owner, "POST", "models", catalog_name="main", schema_name="default", name="churn"))
    return str(made["full_name"])
