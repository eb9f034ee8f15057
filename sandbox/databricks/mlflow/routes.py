"""The routes of MLflow tracking."""
from __future__ import annotations

from sandbox.databricks.call import Routes
from sandbox.databricks.mlflow.artifacts.artifact_routes import artifact_routes
from sandbox.databricks.mlflow.experiment_routes import experiment_routes
from sandbox.databricks.mlflow.logging_routes import logging_routes
from sandbox.databricks.mlflow.run_routes import tracked_run_routes
from sandbox.databricks.mlflow.traces.trace_routes import trace_routes


def mlflow_routes() -> Routes:
    return [*experiment_routes(), *tracked_run_routes(), *logging_routes(), *artifact_routes(), *trace_routes()]
