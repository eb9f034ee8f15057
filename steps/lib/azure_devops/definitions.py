"""Pipelines of a project, as the Build API keeps them: only it takes the default branch and the source of triggers.

https://learn.microsoft.com/rest/api/azure/devops/build/definitions
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps

DEFINITIONS = "dbeaf647-6167-421a-bda9-c9327b25e2e6"
FROM_YAML = 2
_CONTINUOUS_INTEGRATION = 2
_YAML = 2


def definitions_of_repository(azure_devops: AzureDevOps, project: str, repository_id: str) -> list[dict[str, Any]]:
    """Every pipeline that runs from the repository, whole."""
    query = {"repositoryId": repository_id, "repositoryType": "TfsGit", "includeAllProperties": "true"}
    return list(azure_devops.pages(DEFINITIONS, route={"project": project}, query=query))


def definitions_running(azure_devops: AzureDevOps, project: str, yaml_path: str) -> list[dict[str, Any]]:
    """Every pipeline of the project whose YAML lies at this path, in whatever repository."""
    # The service takes the filter only where it is asked for all properties.
    query = {"yamlFilename": yaml_path, "includeAllProperties": "true"}
    found = azure_devops.pages(DEFINITIONS, route={"project": project}, query=query)
    return [one for one in found if yaml_path_of(one) == yaml_path]


def definitions_named(azure_devops: AzureDevOps, project: str, name: str) -> list[dict[str, Any]]:
    """Every pipeline of this name, in any folder; upper and lower case are one."""
    query = {"name": name, "includeAllProperties": "true"}
    found = azure_devops.pages(DEFINITIONS, route={"project": project}, query=query)
    # The service takes a * in the name for any text.
    return [one for one in found if str(one.get("name", "")).casefold() == name.casefold()]


def create_definition(azure_devops: AzureDevOps, project: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A new pipeline. Nothing runs: whoever wants a first run queues it."""
    made: dict[str, Any] = azure_devops.send("POST", DEFINITIONS, route={"project": project}, body=body)
    return made


def yaml_definition(name: str, *, repository: Mapping[str, str], yaml_path: str, queue_id: int) -> dict[str, Any]:
    """The body of a pipeline from YAML. `repository` has `id`, `name` and `default_branch`, a full ref."""
    return {
        "name": name,
        "path": "\\",
        "process": {"type": _YAML, "yamlFilename": yaml_path},
        "queue": {"id": queue_id},
        "queueStatus": "enabled",
        "repository": {"id": repository["id"], "name": repository["name"], "type": "TfsGit",
                       "defaultBranch": repository["default_branch"]},
        "triggers": [{"settingsSourceType": FROM_YAML, "triggerType": _CONTINUOUS_INTEGRATION}],
    }


def yaml_path_of(definition: Mapping[str, Any]) -> str:
    """Where its YAML lies in the repository, without a slash in front; empty for one that has none."""
    process = definition.get("process")
    return str(process.get("yamlFilename", "")).lstrip("/") if isinstance(process, dict) else ""
