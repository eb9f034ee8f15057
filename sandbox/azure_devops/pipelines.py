"""The organisation's pipelines and variable groups, and which pipelines a push starts."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.pipelines.request import Variable


@dataclass(frozen=True)
class Pipeline:
    """`yaml_path` is a path in `repository`. Its runs see the variable groups it is authorised for, and no other."""

    id: int
    name: str
    repository: str
    yaml_path: str
    variable_groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VariableGroup:
    name: str
    variables: Mapping[str, Variable] = field(repr=False)


@dataclass(frozen=True)
class Environment:
    """An environment to deploy to. `pipelines` are the names of those that may, None lets all of them."""

    name: str
    pipelines: frozenset[str] | None = None


@dataclass
class Library:
    """What a project keeps for its pipelines: their definitions, the variable groups and the environments."""

    pipelines: dict[int, Pipeline] = field(default_factory=dict)
    groups: dict[str, VariableGroup] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)

    def add_pipeline(self, name: str, repository: str, yaml_path: str, groups: frozenset[str]) -> Pipeline:
        """Register a pipeline; one of the same name is replaced and keeps its number."""
        known = next((one.id for one in self.pipelines.values() if one.name == name), None)
        number = known or max(self.pipelines, default=0) + 1
        self.pipelines[number] = Pipeline(number, name, repository, yaml_path.lstrip("/"), groups)
        return self.pipelines[number]

    def add_group(self, group: VariableGroup) -> None:
        self.groups[group.name] = group

    def add_environment(self, environment: Environment) -> None:
        self.environments[environment.name.casefold()] = environment

    def of_repository(self, repository: str) -> list[Pipeline]:
        return [pipeline for pipeline in self.pipelines.values() if pipeline.repository == repository]

    def groups_of(self, pipeline: Pipeline) -> dict[str, Mapping[str, Variable]]:
        """The variables of the groups that exist and that `pipeline` is authorised for."""
        return {name: self.groups[name].variables for name in sorted(pipeline.variable_groups) if name in self.groups}

    def environments_of(self, pipeline: Pipeline) -> list[str]:
        """The environments that exist and that `pipeline` may deploy to."""
        return [one.name for one in self.environments.values()
                if one.pipelines is None or pipeline.name in one.pipelines]
