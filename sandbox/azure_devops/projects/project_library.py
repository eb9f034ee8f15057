"""The library of one project: its part of what all projects keep for their pipelines."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sandbox.azure_devops.projects.library import (
    AgentQueue,
    Environment,
    Pipeline,
    Protected,
    VariableGroup,
    resource_of,
)
from sandbox.azure_devops.projects.resources import PipelinePermissions, Resource
from sandbox.azure_devops.projects.shelves import Shelves
from sandbox.pipelines.request import Variable


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
        return self._shelves.pipelines.of(self._project)

    @property
    def groups(self) -> dict[str, VariableGroup]:
        return {one.name: one for one in self._shelves.groups.of(self._project)}

    @property
    def environments(self) -> list[Environment]:
        return self._shelves.environments.of(self._project)

    @property
    def queues(self) -> list[AgentQueue]:
        return self._shelves.queues.of(self._project)

    def pipeline(self, number: int | str) -> Pipeline | None:
        return self._shelves.pipelines.get(self._project, number)

    def pipelines_named(self, name: str) -> list[Pipeline]:
        """In any case of letters, each in another folder."""
        return self._shelves.pipelines.named(self._project, name)

    def numbered(self, kind: str, number: int | str) -> Protected | None:
        """The variable group, environment or queue of this number, by the kind of a resource."""
        gets = {"variablegroup": self._shelves.groups.get, "environment": self._shelves.environments.get,
                "queue": self._shelves.queues.get}
        return gets[kind](self._project, number) if kind in gets else None

    def named(self, kind: str, name: str) -> Protected | None:
        """As `numbered`, by its name."""
        firsts = {"variablegroup": self._shelves.groups.first, "environment": self._shelves.environments.first,
                  "queue": self._shelves.queues.first}
        return firsts[kind](self._project, name) if kind in firsts else None

    def group(self, number: int | str) -> VariableGroup | None:
        return self._shelves.groups.get(self._project, number)

    def environment(self, name: str) -> Environment | None:
        return self._shelves.environments.first(self._project, name)

    def put_pipeline(self, pipeline: Pipeline) -> Pipeline:
        """Keep a pipeline; without a number it is a new one."""
        number = pipeline.id or self._shelves.new_pipeline_number()
        return self._shelves.pipelines.put(
            replace(pipeline, id=number, project=self._project, yaml_path=pipeline.yaml_path.lstrip("/")))

    def put_group(self, group: VariableGroup) -> VariableGroup:
        """Keep a variable group; one of the same name is replaced and keeps its number."""
        with self._shelves.lock:
            known = self.named("variablegroup", group.name)
            number = group.id or (known.id if known else 0)
            return self._shelves.groups.put(replace(group, id=number, project=self._project))

    def put_environment(self, environment: Environment) -> Environment:
        """Keep an environment; one of the same name is replaced and keeps its number."""
        with self._shelves.lock:
            known = self.environment(environment.name)
            number = environment.id or (known.id if known else 0)
            return self._shelves.environments.put(replace(environment, id=number, project=self._project))

    def put_queue(self, queue: AgentQueue) -> AgentQueue:
        return self._shelves.queues.put(replace(queue, project=self._project))

    def remove_pipeline(self, number: int) -> None:
        self._shelves.pipelines.remove(number)

    def remove_group(self, number: int) -> None:
        self._shelves.groups.remove(number)

    def remove_environment(self, number: int) -> None:
        self._shelves.environments.remove(number)

    def resource(self, kind: str, name: str) -> Resource | None:
        """The variable group, environment or queue called `name`, as what checks and permissions hang on."""
        found = self.named(kind, name)
        return resource_of(found) if found else None

    def add_pipeline(self, name: str, repository: str, yaml_path: str,
                     groups: frozenset[str] = frozenset()) -> Pipeline:
        """Register a pipeline that may use `groups`; one of the same name is replaced and keeps its number."""
        known = next((one.id for one in self.pipelines_named(name) if one.name == name), 0)
        pipeline = self.put_pipeline(Pipeline(known, name, repository, yaml_path))
        for group in groups:
            self.authorise(pipeline, resource_of(self.groups[group]))
        return pipeline

    def authorise(self, pipeline: Pipeline, resource: Resource, *, authorised: bool = True) -> None:
        self.permissions.authorise(self._project, resource, pipeline.id, authorised=authorised)

    def of_repository(self, repository: str) -> list[Pipeline]:
        return self._shelves.pipelines_by_repository.of(f"{self._project}/{repository.casefold()}")

    def groups_of(self, pipeline: Pipeline) -> dict[str, Mapping[str, Variable]]:
        """The variables of the groups that exist and that `pipeline` is authorised for."""
        return {name: group.variables for name, group in sorted(self.groups.items())
                if self.permissions.allows(self._project, resource_of(group), pipeline.id)}

    def environments_of(self, pipeline: Pipeline) -> list[str]:
        """The environments that exist and that `pipeline` may deploy to."""
        return [one.name for one in self.environments
                if self.permissions.allows(self._project, resource_of(one), pipeline.id)]
