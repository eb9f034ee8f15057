"""The Files API, of volumes and of the artifacts of runs: not modelled.

mlflow 3 takes a 404 of it for an empty folder, and anything else for a reason to go the older way:
https://github.com/mlflow/mlflow/blob/v3.17.2/mlflow/store/artifact/databricks_tracking_artifact_repo.py
"""
from __future__ import annotations

from typing import NoReturn

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import not_modelled


def files_api_routes() -> Routes:
    return [("*", "/api/2.0/fs/{path...}", _refuse)]


def _refuse(_: Call) -> NoReturn:
    what = "the Files API"
    raise not_modelled(what)
