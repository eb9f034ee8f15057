"""What projects keep for their pipelines: definitions, variable groups, environments and agent queues."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sandbox.azure_devops.projects.resources import Resource
from sandbox.pipelines.request import Variable


@dataclass(frozen=True)
class Pipeline:
    """`yaml_path` is a path in `repository`, a name in the pipeline's project.

    `document` has what REST clients set beside.
    """

    id: int
    name: str
    repository: str
    yaml_path: str
    project: str = ""
    folder: str = "\\"
    default_branch: str = "refs/heads/main"
    revision: int = 1
    document: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class VariableGroup:
    name: str
    variables: Mapping[str, Variable] = field(repr=False)
    id: int = 0
    project: str = ""
    description: str = ""


@dataclass(frozen=True)
class Environment:
    name: str
    id: int = 0
    project: str = ""
    description: str = ""


@dataclass(frozen=True)
class AgentQueue:
    """Where jobs of a project wait for an agent of a pool."""

    name: str
    id: int = 0
    project: str = ""
    hosted: bool = True


@dataclass(frozen=True)
class LastNumber:
    """The highest number given out so far: what is deleted leaves runs and permissions behind."""

    number: int = 0


Protected: TypeAlias = "VariableGroup | Environment | AgentQueue"


def resource_of(what: Protected) -> Resource:
    kinds = {VariableGroup: "variablegroup", Environment: "environment", AgentQueue: "queue"}
    return Resource(kinds[type(what)], str(what.id), what.name)
