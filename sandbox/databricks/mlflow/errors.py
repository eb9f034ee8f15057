"""What MLflow tracking refuses; part of the catalogue, in its own room because only these routes say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, invalid, invalid_state, not_found


def bad_experiment_name(name: str) -> ApiError:
    """Worded like https://github.com/mlflow/mlflow/issues/8269."""
    return invalid(f"Got an invalid experiment name '{name}'. An experiment name must be an absolute path within the "
                   "Databricks workspace, e.g. '/Users/<some-username>/my-experiment'.")


def no_node(path: str) -> ApiError:
    return not_found(f"Node {path} does not exist.")


def no_node_id(experiment_id: str) -> ApiError:
    """Worded like https://github.com/amesar/mlflow-export-import/issues/23."""
    return not_found(f"Node ID {experiment_id} does not exist.")


def no_experiment(object_id: str, kind: str) -> ApiError:
    """Worded like https://github.com/databrickslabs/cicd-templates/issues/5."""
    return invalid(f"Expected id '{object_id}' to be an MLflow experiment or Databricks notebook, found '{kind}'.")


def not_in_a_repo() -> ApiError:
    """Worded like https://github.com/zivilenorkunaite/apjbootcamp2023/pull/3."""
    return invalid("MLflow experiment creation is not permitted in a repo. Use the default experiment for a notebook "
                   "in a repo or create an MLflow experiment in the workspace.")


def no_such_experiment(experiment_id: str) -> ApiError:
    """400 where runs are concerned: https://github.com/databrickslabs/dbx/issues/385."""
    return invalid(f"Experiment with id '{experiment_id}' does not exist.")


def node_exists(path: str) -> ApiError:
    """Worded like https://github.com/mosaicml/composer/pull/3410; the status was not seen."""
    return already_exists(f"Node named '{path}' already exists")


def no_parent(folder: str) -> ApiError:
    return not_found(f"Parent directory {folder} does not exist.")


def no_run(run_id: str) -> ApiError:
    """Worded like https://github.com/mlflow/mlflow/issues/2958."""
    return not_found(f"Run '{run_id}' not found.")


def no_trace(request_id: str) -> ApiError:
    """Worded like https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/sqlalchemy_store.py."""
    return not_found(f"Trace with ID '{request_id}' not found.")


def run_not_active(run_id: str, stage: str) -> ApiError:
    """Worded like https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/sqlalchemy_store.py."""
    return invalid(f"The run {run_id} must be in the 'active' state. Current state is {stage}.")


def experiment_not_active(experiment_id: str, stage: str) -> ApiError:
    return invalid_state(f"The experiment {experiment_id} must be in the 'active' state. "
                         f"Current state is {stage}.")


def parameter_changed(key: str, old: str, new: str) -> ApiError:
    return invalid(f"Changing param values is not allowed. Param with key='{key}' was already logged with "
                   f"value='{old[:100]}'. Attempted logging new value '{new[:100]}'.")
