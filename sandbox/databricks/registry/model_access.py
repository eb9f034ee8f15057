"""The model or version a request of the workspace registry names, for a caller who may do what it asks."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import no_permission, refuse_missing
from sandbox.databricks.permissions.access import KINDS
from sandbox.databricks.registry.errors import no_model, no_version
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel

MODELS = KINDS["registered-models"]
CAN_READ, CAN_EDIT, CAN_MANAGE = "CAN_READ", "CAN_EDIT", "CAN_MANAGE"
CAN_MANAGE_STAGING, CAN_MANAGE_PRODUCTION = "CAN_MANAGE_STAGING_VERSIONS", "CAN_MANAGE_PRODUCTION_VERSIONS"


def model_of(call: Call, fields: dict[str, Any], needed: str) -> RegisteredModel:
    if not fields.get("name"):
        refuse_missing("name")
    model = call.state.registry.named(fields["name"])
    if model is None:
        raise no_model(fields["name"])
    check(call, model, needed)
    return model


def version_of(call: Call, fields: dict[str, Any], needed: str) -> tuple[RegisteredModel, ModelVersion]:
    model = model_of(call, fields, needed)
    if not fields.get("version"):
        refuse_missing("version")
    version = call.state.registry.version(model, version_number(fields["version"]))
    if version is None:
        raise no_version(model.name, fields["version"])
    return model, version


def version_number(text: str) -> int:
    """0, which no version has, for what is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def check(call: Call, model: RegisteredModel, needed: str) -> None:
    if level_of(call, model, call.caller) < MODELS.rank(needed):
        raise no_permission(call.caller.name, needed, f"registered model {model.name}")


def level_of(call: Call, model: RegisteredModel, principal: Principal) -> int:
    """The rank of the strongest level, -1 for none."""
    return call.state.access.level(MODELS, model.model_id, principal)
