"""ADO environments: what deployment jobs name, and approvals and locks hang on.

https://learn.microsoft.com/rest/api/azure/devops/environments/environments
"""
from __future__ import annotations

from typing import Any

from steps.lib.azure_devops.client import AzureDevOps

ENVIRONMENTS = "8572b1fc-2482-47fa-8f74-7e3ed53ee54b"


def environments_like(azure_devops: AzureDevOps, project: str, name: str) -> list[dict[str, Any]]:
    """Environments of the project whose name has `name` in it."""
    return list(azure_devops.pages(ENVIRONMENTS, route={"project": project}, query={"name": name, "$top": 1000}))


def create_environment(azure_devops: AzureDevOps, project: str, name: str, description: str) -> dict[str, Any]:
    body = {"name": name, "description": description}
    made: dict[str, Any] = azure_devops.send("POST", ENVIRONMENTS, route={"project": project}, body=body)
    return made
