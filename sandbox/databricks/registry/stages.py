"""Stages of model versions: what they are called, and who may move a version between them."""
from __future__ import annotations

from sandbox.databricks.registry.errors import bad_stage, nothing_to_archive
from sandbox.databricks.registry.model import ARCHIVED, NO_STAGE, PRODUCTION, STAGING
from sandbox.databricks.registry.model_access import CAN_MANAGE_PRODUCTION, CAN_MANAGE_STAGING

_STAGES = {stage.lower(): stage for stage in (NO_STAGE, STAGING, PRODUCTION, ARCHIVED)}


def read_stage(text: str) -> str:
    """In any case."""
    stage = _STAGES.get(text.lower())
    if stage is None:
        raise bad_stage(text)
    return stage


def level_for(*stages: str) -> str:
    """What moving between them takes: https://learn.microsoft.com/azure/databricks/security/auth/access-control."""
    return CAN_MANAGE_PRODUCTION if PRODUCTION in stages else CAN_MANAGE_STAGING


def check_archiving(stage: str) -> None:
    if stage not in {STAGING, PRODUCTION}:
        raise nothing_to_archive(stage)
