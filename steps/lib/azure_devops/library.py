"""Variable groups and agent queues of a project.

https://learn.microsoft.com/rest/api/azure/devops/distributedtask/variablegroups
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps

GROUPS = "f5b09dd5-9d54-45a1-8b5a-1c8287d634cc"
GROUPS_OF_ORGANIZATION = "ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7"
QUEUES = "900fa995-c559-4923-aae7-f8424fe4fbea"


def variable_groups(azure_devops: AzureDevOps, project: str, name: str) -> list[dict[str, Any]]:
    """Groups of this name; a `*` in it stands for any text. Values of secrets come as null."""
    return list(azure_devops.pages(GROUPS, route={"project": project}, query={"groupName": name}))


def create_variable_group(azure_devops: AzureDevOps, body: Mapping[str, Any]) -> dict[str, Any]:
    """Groups are made in the organization, for the projects that the body names in variableGroupProjectReferences."""
    made: dict[str, Any] = azure_devops.send("POST", GROUPS_OF_ORGANIZATION, body=body)
    return made


def change_variable_group(azure_devops: AzureDevOps, group_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a group by `body`; a secret without a value keeps the one it has."""
    changed: dict[str, Any] = azure_devops.send("PUT", GROUPS_OF_ORGANIZATION, route={"groupId": str(group_id)},
                                                body=body)
    return changed


def connection_of(group: Mapping[str, Any]) -> str:
    """The id of the service connection that a group of ours signs in with; empty where it has a secret."""
    variable = (group.get("variables") or {}).get("azureServiceConnectionId") or {}
    return str(variable.get("value") or "")


def agent_queues(azure_devops: AzureDevOps, project: str) -> list[dict[str, Any]]:
    return list(azure_devops.pages(QUEUES, route={"project": project}))
