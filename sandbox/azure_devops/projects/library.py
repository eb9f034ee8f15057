"""What the projects of an organisation keep for their pipelines: definitions, variable groups, environments, queues."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sandbox.azure_devops.projects.resources import PipelinePermissions, Resource
from sandbox.pipelines.request import Variable
from sandbox.storage import Storage


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


class Shelves:
    """The tables of all projects; numbers are given out over the whole organisation."""

    def __init__(self, storage: Storage) -> None:
        self.pipelines = storage.table("pipeline", Pipeline)
        self._last = storage.table("last number", LastNumber)
        self.groups = storage.table("variable group", VariableGroup)
        self.environments = storage.table("environment", Environment)
        self.queues = storage.table("agent queue", AgentQueue)
        self.permissions = PipelinePermissions(storage)

    def new_pipeline_number(self) -> int:
        """One that no pipeline ever had."""
        number = max(self.pipelines.next_number(), self._last.get("pipeline", LastNumber()).number + 1)
        self._last["pipeline"] = LastNumber(number)
        return number


class Library:
    """The part of the shelves that belongs to the project `project` (its id). Names fold case."""

    def __init__(self, shelves: Shelves, project: str) -> None:
        self._shelves = shelves
        self._project = project

    @property
    def permissions(self) -> PipelinePermissions:
        return self._shelves.permissions

    @property
    def pipelines(self) -> list[Pipeline]:
        return [one for one in self._shelves.pipelines.values() if one.project == self._project]

    @property
    def groups(self) -> dict[str, VariableGroup]:
        return {one.name: one for one in self._shelves.groups.values() if one.project == self._project}

    @property
    def environments(self) -> list[Environment]:
        return [one for one in self._shelves.environments.values() if one.project == self._project]

    @property
    def queues(self) -> list[AgentQueue]:
        return [one for one in self._shelves.queues.values() if one.project == self._project]

    def put_pipeline(self, pipeline: Pipeline) -> Pipeline:
        """Keep a pipeline; without a number it is a new one."""
        kept = replace(pipeline, id=pipeline.id or self._shelves.new_pipeline_number(), project=self._project,
                       yaml_path=pipeline.yaml_path.lstrip("/"))
        self._shelves.pipelines[str(kept.id)] = kept
        return kept

    def put_group(self, group: VariableGroup) -> VariableGroup:
        """Keep a variable group; one of the same name is replaced and keeps its number."""
        known = self.groups.get(group.name)
        number = group.id or (known.id if known else self._shelves.groups.next_number())
        self._shelves.groups[str(number)] = replace(group, id=number, project=self._project)
        return self._shelves.groups[str(number)]

    def put_environment(self, environment: Environment) -> Environment:
        """Keep an environment; one of the same name is replaced and keeps its number."""
        known = self.environment(environment.name)
        number = environment.id or (known.id if known else self._shelves.environments.next_number())
        self._shelves.environments[str(number)] = replace(environment, id=number, project=self._project)
        return self._shelves.environments[str(number)]

    def put_queue(self, queue: AgentQueue) -> AgentQueue:
        number = queue.id or self._shelves.queues.next_number()
        self._shelves.queues[str(number)] = replace(queue, id=number, project=self._project)
        return self._shelves.queues[str(number)]

    def remove_pipeline(self, number: int) -> None:
        del self._shelves.pipelines[str(number)]

    def remove_group(self, number: int) -> None:
        del self._shelves.groups[str(number)]

    def remove_environment(self, number: int) -> None:
        del self._shelves.environments[str(number)]

    def environment(self, name: str) -> Environment | None:
        return next((one for one in self.environments if one.name.casefold() == name.casefold()), None)

    def resource(self, kind: str, name: str) -> Resource | None:
        """The variable group, environment or queue called `name`, as what checks and permissions hang on."""
        shelves: dict[str, Sequence[Protected]] = {
            "variablegroup": list(self.groups.values()), "environment": self.environments, "queue": self.queues}
        found = (one for one in shelves.get(kind, ()) if one.name.casefold() == name.casefold())
        return next(map(resource_of, found), None)

    def add_pipeline(self, name: str, repository: str, yaml_path: str,
                     groups: frozenset[str] = frozenset()) -> Pipeline:
        """Register a pipeline that may use `groups`; one of the same name is replaced and keeps its number."""
        known = next((one.id for one in self.pipelines if one.name == name), 0)
        pipeline = self.put_pipeline(Pipeline(known, name, repository, yaml_path))
        for group in groups:
            self.authorise(pipeline, resource_of(self.groups[group]))
        return pipeline

    def authorise(self, pipeline: Pipeline, resource: Resource, *, authorised: bool = True) -> None:
        self.permissions.authorise(self._project, resource, pipeline.id, authorised=authorised)

    def of_repository(self, repository: str) -> list[Pipeline]:
        return [one for one in self.pipelines if one.repository.casefold() == repository.casefold()]

    def groups_of(self, pipeline: Pipeline) -> dict[str, Mapping[str, Variable]]:
        """The variables of the groups that exist and that `pipeline` is authorised for."""
        return {name: group.variables for name, group in sorted(self.groups.items())
                if self.permissions.allows(self._project, resource_of(group), pipeline.id)}

    def environments_of(self, pipeline: Pipeline) -> list[str]:
        """The environments that exist and that `pipeline` may deploy to."""
        return [one.name for one in self.environments
                if self.permissions.allows(self._project, resource_of(one), pipeline.id)]


def resource_of(what: Protected) -> Resource:
    kinds = {VariableGroup: "variablegroup", Environment: "environment", AgentQueue: "queue"}
    return Resource(kinds[type(what)], str(what.id), what.name)
