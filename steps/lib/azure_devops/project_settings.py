"""Pipeline settings of a project, and the policies of a branch.

https://learn.microsoft.com/rest/api/azure/devops/build/general-settings
"""
from __future__ import annotations

from typing import Any

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import Repository

GENERAL_SETTINGS = "c4aefd19-30ff-405b-80ad-aca021e7242a"
BRANCH_POLICIES = "2c420070-a0a2-49cc-9639-c9f271c5ff07"


def general_settings(azure_devops: AzureDevOps, project: str) -> dict[str, Any]:
    settings: dict[str, Any] = azure_devops.send("GET", GENERAL_SETTINGS, route={"project": project}) or {}
    return settings


def branch_policies(azure_devops: AzureDevOps, repository: Repository, ref: str) -> list[dict[str, Any]]:
    """The policies on the branch `ref`, a full name, whether set on it, on its folder or on all repositories."""
    query = {"repositoryId": repository.id, "refName": ref}
    return list(azure_devops.pages(BRANCH_POLICIES, route={"project": repository.project_id}, query=query))
