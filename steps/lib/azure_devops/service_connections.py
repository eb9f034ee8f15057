"""Service connections of a project, which the API calls endpoints.

https://learn.microsoft.com/rest/api/azure/devops/serviceendpoint/endpoints
"""
from __future__ import annotations

from typing import Any

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import NotFound

ENDPOINTS = "e85f1c62-adfc-4b74-b618-11a150fb195e"


def service_connection(azure_devops: AzureDevOps, project: str, number: str) -> dict[str, Any] | None:
    """The connection of this id; None where the project has none or hides it."""
    try:
        found: dict[str, Any] = azure_devops.send(
            "GET", ENDPOINTS, route={"project": project, "endpointId": number})
    except NotFound:
        return None
    return found or None
