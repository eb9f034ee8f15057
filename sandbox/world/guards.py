"""What guards the variable groups of the pipeline library: checks in the form that they have in the REST API.

Whoever may push to a product changes the YAML that runs there, so nothing in YAML protects a secret.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.checks.check_record import (
    BRANCH_CONTROL,
    EXCLUSIVE_LOCK,
    REQUIRED_TEMPLATE,
    TASK,
    CheckRecord,
)
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.projects.library import VariableGroup, resource_of
from sandbox.azure_devops.projects.project import Project

Check = tuple[str, Mapping[str, Any]]
"""Type and settings."""
_JOBS_TEMPLATE = "pipelines/pipeline_jobs_config.yml"
# Clusters of deleted branches are cleaned up by the jobs pipeline.
_TEMPLATES = {"local": ("pipelines/pipeline_cluster_config.yml", _JOBS_TEMPLATE)}


def guard(organisation: Organisation, project: Project, group: VariableGroup, checks: list[Check]) -> None:
    """Let `checks` be all that hang on the group; where they are so already nothing is changed."""
    records = organisation.checkpoint.protection.records
    resource = resource_of(group)
    known = records.of(resource)
    if [(one.type, one.settings) for one in known] == checks:
        return
    for one in known:
        records.remove(one.id)
    for kind, settings in checks:
        records.add(CheckRecord(project.id, resource, kind, settings))


def of_environment(name: str, library: str, refs: list[str]) -> list[Check]:
    """For `brickline-<name>`: the pipeline extends an entry template of ours, from `library`, at one of `refs`."""
    paths = _TEMPLATES.get(name, (_JOBS_TEMPLATE,))
    return [(REQUIRED_TEMPLATE, {"extendsChecks": [
        {"repositoryType": "git", "repositoryName": library, "repositoryRef": ref, "templatePath": path}
        for ref in refs for path in paths]})]


def of_set_up(branch: str) -> list[Check]:
    """For the group of the set-up: only this library's own branch and its tags, one run at a time."""
    control = {
        "displayName": "Branch control",
        "definitionRef": {"id": BRANCH_CONTROL, "name": "evaluatebranchProtection", "version": "0.0.1"},
        "inputs": {"allowedBranches": f"{branch},refs/tags/*", "ensureProtectionOfBranch": "false",
                   "allowUnknownStatusBranch": "false"},
        "retryInterval": 5,
    }
    return [(TASK, control), (EXCLUSIVE_LOCK, {})]
