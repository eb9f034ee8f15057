"""Who may edit a product's pipelines: not its contributors.

Variables of a pipeline's page reach every step after the step's own `env:`, so whoever edits the pipeline leads steps
that hold secrets to code of their own, without a change of YAML: no check sees it.
https://learn.microsoft.com/azure/devops/pipelines/policies/permissions
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.lib.azure_devops.access_control import BUILD, deny, entry_of
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.identities import Identity, identities

EDIT = 2048


def contributors_of(azure_devops: AzureDevOps, project: str) -> Identity | None:
    """The group of everyone who may push in `project`, a name; None where it is called otherwise or hidden."""
    found = identities(azure_devops, f"[{project}]\\Contributors")
    return found[0] if len(found) == 1 else None


def is_closed(azure_devops: AzureDevOps, definition: Mapping[str, Any], project: str, group: Identity) -> bool:
    """Whether `group` is kept from editing the pipeline; `project` is an id."""
    entry = entry_of(azure_devops, BUILD, _token(definition, project), group.descriptor)
    return bool(entry.deny & EDIT)


def close(azure_devops: AzureDevOps, definition: Mapping[str, Any], project: str, group: Identity) -> None:
    deny(azure_devops, BUILD, _token(definition, project), group.descriptor, EDIT)


def _token(definition: Mapping[str, Any], project: str) -> str:
    """Folders of pipelines are levels of the token."""
    folder = str(definition.get("path") or "\\").strip("\\").replace("\\", "/")
    return "/".join(part for part in (project, folder, str(definition["id"])) if part)
