"""Which pipelines may use a protected resource.

https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/pipeline-permissions
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.client import AzureDevOps

PERMISSIONS = "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2"


@dataclass(frozen=True)
class Authorised:
    """`everyone`: every pipeline of the project may use the resource, now and later."""

    pipelines: frozenset[int]
    everyone: bool = False


def authorised(azure_devops: AzureDevOps, project: str, resource: Resource) -> Authorised:
    """For a repository, `project` is that of the pipelines, also where it is not that of the repository."""
    route = {"project": project, "resourceType": resource.kind, "resourceId": resource.id}
    answer: Mapping[str, Any] = azure_devops.send("GET", PERMISSIONS, route=route) or {}
    pipelines = frozenset(int(one["id"]) for one in answer.get("pipelines") or [] if one.get("authorized"))
    return Authorised(pipelines, everyone=bool((answer.get("allPipelines") or {}).get("authorized")))


def authorise(azure_devops: AzureDevOps, project: str, wanted: Sequence[tuple[Resource, Sequence[int]]]) -> None:
    """Let the given pipelines, and no others besides those that may already, use each resource: one request."""
    body = [{"resource": resource.reference, "pipelines": [{"id": number, "authorized": True} for number in pipelines]}
            for resource, pipelines in wanted]
    azure_devops.send("PATCH", PERMISSIONS, route={"project": project}, body=body, repeatable=True)


def close_to_everyone(azure_devops: AzureDevOps, project: str, resource: Resource) -> None:
    """Take the resource from 'all pipelines'; those let in one by one keep it."""
    route = {"project": project, "resourceType": resource.kind, "resourceId": resource.id}
    body = {"resource": resource.reference, "allPipelines": {"authorized": False}}
    azure_devops.send("PATCH", PERMISSIONS, route=route, body=body, repeatable=True)
