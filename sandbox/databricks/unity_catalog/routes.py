"""The routes of Unity Catalog. No stages: models have aliases there."""
from __future__ import annotations

from sandbox.databricks.call import Routes
from sandbox.databricks.unity_catalog.container_routes import container_routes
from sandbox.databricks.unity_catalog.file_routes import model_file_routes
from sandbox.databricks.unity_catalog.grant_routes import grant_routes
from sandbox.databricks.unity_catalog.mlflow_model_routes import mlflow_model_routes
from sandbox.databricks.unity_catalog.mlflow_version_routes import mlflow_version_routes
from sandbox.databricks.unity_catalog.model_routes import model_routes


def unity_catalog_routes() -> Routes:
    return [*container_routes(), *model_routes(), *grant_routes(), *mlflow_model_routes(), *mlflow_version_routes(),
            *model_file_routes()]
