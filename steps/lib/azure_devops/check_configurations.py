"""The checks of a resource: read, added, changed, taken away.

They go out as plain data, because the package's model of a check drops `settings`: an approval without approvers.
https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations
"""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from steps.lib.azure_devops.checks import Check, Resource
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import NotFound

CONFIGURATIONS = "86c8381e-5aee-4cde-8ae4-25c0c7f5eaea"


def configurations(azure_devops: AzureDevOps, project: str, resource: Resource) -> list[dict[str, Any]]:
    """The checks of a resource, whole: without `$expand` the service leaves their settings out."""
    query = {"resourceType": resource.kind, "resourceId": resource.id, "$expand": "settings"}
    return list(azure_devops.pages(CONFIGURATIONS, route={"project": project}, query=query))


def create_check(azure_devops: AzureDevOps, project: str, resource: Resource, check: Check) -> None:
    """Not idempotent: the service keeps as many equal checks as it is sent."""
    azure_devops.send("POST", CONFIGURATIONS, route={"project": project}, body=check.body(resource))


def change_check(azure_devops: AzureDevOps, project: str, number: int, body: Mapping[str, Any]) -> None:
    route = {"project": project, "id": str(number)}
    azure_devops.send("PATCH", CONFIGURATIONS, route=route, body=body, repeatable=True)


def delete_check(azure_devops: AzureDevOps, project: str, number: int) -> None:
    """Also where it is gone already: somebody else was quicker, or the reply to our first try got lost."""
    with suppress(NotFound):
        azure_devops.send("DELETE", CONFIGURATIONS, route={"project": project, "id": str(number)})
