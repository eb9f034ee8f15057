"""What the registries of models refuse, in the words of MLflow where those of the service were not seen.

https://github.com/mlflow/mlflow/blob/master/mlflow/store/model_registry/sqlalchemy_store.py
"""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, invalid, invalid_state, not_found


def no_model(name: str) -> ApiError:
    return not_found(f"Registered Model with name={name} not found")


def model_exists(name: str) -> ApiError:
    return already_exists(f"Registered Model (name={name}) already exists.")


def no_version(name: str, version: str) -> ApiError:
    return not_found(f"Model Version (name={name}, version={version}) not found")


def no_alias(alias: str) -> ApiError:
    return not_found(f"Registered model alias {alias} not found.")


def bad_model_name(name: str) -> ApiError:
    return invalid(f"Invalid model name: '{name[:100]}'. A name must not be empty and must not contain '/', ':' or '.'")


def bad_stage(stage: str) -> ApiError:
    return invalid(f"Invalid Model Version stage: {stage}. Value must be one of None, Staging, Production, Archived.")


def nothing_to_archive(stage: str) -> ApiError:
    return invalid("Model version transition cannot archive existing model versions because "
                   f"'{stage}' is not an Active stage. Valid stages are Production, Staging")


def still_in_use(name: str, version: int, stage: str) -> ApiError:
    """https://learn.microsoft.com/azure/databricks/machine-learning/manage-model-lifecycle/workspace-model-registry."""
    return invalid_state(f"Model version {version} of {name} cannot be deleted because it is in stage "
                         f"{stage}; transition it to None or Archived first")


def no_transition_request(stage: str) -> ApiError:
    return not_found(f"No transition request to stage {stage} found")


def no_comment(comment_id: str) -> ApiError:
    return not_found(f"Comment with id {comment_id} not found")
