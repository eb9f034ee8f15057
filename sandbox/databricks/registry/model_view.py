"""What the workspace registry tells of models and versions."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.registry.model_access import MODELS, level_of
from sandbox.databricks.replies import without_empty


def model_row(call: Call, model: RegisteredModel) -> dict[str, Any]:
    latest = [version_row(call, model, version) for version in latest_versions(call, model)]
    return {**model.as_json(), **without_empty(latest_versions=latest)}


def detailed_model(call: Call, model: RegisteredModel) -> dict[str, Any]:
    """With what the service adds to MLflow: the id the Permissions API takes, and the caller's level."""
    return {**model_row(call, model), "id": model.model_id, "permission_level": _level(call, model)}


def version_row(call: Call, model: RegisteredModel, version: ModelVersion, status: str = "") -> dict[str, Any]:
    aliases = [alias for alias, number in model.aliases.items() if number == version.version]
    return {**version.as_json(model, call.now, status), "current_stage": version.stage,
            **without_empty(run_link=version.run_link, aliases=aliases)}


def detailed_version(call: Call, model: RegisteredModel, version: ModelVersion) -> dict[str, Any]:
    row = {**version_row(call, model, version), "permission_level": _level(call, model)}
    requests = call.state.registry.activities.requests(version)
    return {**row, **without_empty(open_requests=[one.as_json() for one in requests])}


def latest_versions(call: Call, model: RegisteredModel) -> list[ModelVersion]:
    """The newest of each stage that has one."""
    newest = {version.stage: version for version in call.state.registry.versions(model)}
    return list(newest.values())


def _level(call: Call, model: RegisteredModel) -> str:
    return list(MODELS.levels)[level_of(call, model, call.caller)]
