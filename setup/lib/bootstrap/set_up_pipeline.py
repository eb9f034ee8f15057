"""The CI/CD repository's own pipeline: the one that sets product repositories up. Pure."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from setup.lib.bootstrap.tasks import CreatePipeline, LetIn, Task
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.definitions import yaml_definition, yaml_path_of
from steps.lib.azure_devops.pipeline_permissions import Authorised
from steps.lib.azure_devops.repositories import Repository

NAME = "Set up product repository"
YAML_PATH = "setup/pipeline_setup.yml"


@dataclass(frozen=True)
class SetUpPipeline:
    """`definitions` are those of the CI/CD repository, `uses` what the pipeline needs and who may use it now."""

    cicd: Repository
    definitions: Sequence[Mapping[str, Any]]
    queue: Resource | None
    uses: Mapping[Resource, Authorised] = field(default_factory=dict)

    @property
    def found(self) -> Mapping[str, Any] | None:
        return next((one for one in self.definitions if yaml_path_of(one) == YAML_PATH), None)


def pipeline_tasks(pipeline: SetUpPipeline) -> Iterator[Task]:
    thing = f"{pipeline.cicd.project}: pipeline {NAME!r}"
    found = pipeline.found
    if pipeline.queue is None:
        yield Task(thing, "the project has no agent queue",
                   by_hand="add the pool 'Azure Pipelines': Project settings > Agent pools > Add pool")
    elif found is None:
        repository = {"id": pipeline.cicd.id, "name": pipeline.cicd.name,
                      "default_branch": pipeline.cicd.default_branch}
        body = yaml_definition(NAME, repository=repository, yaml_path=YAML_PATH, queue_id=int(pipeline.queue.id))
        action = CreatePipeline(pipeline.cicd.project_id, body)
        yield Task(thing, "missing", f"create it from {YAML_PATH}", action=action)
    else:
        yield Task(thing, f"there, number {found['id']}")
        yield from _let_in(pipeline, int(found["id"]))


def _let_in(pipeline: SetUpPipeline, number: int) -> Iterator[Task]:
    for resource, authorised in pipeline.uses.items():
        if number not in authorised.pipelines and not (authorised.everyone and resource.kind == "queue"):
            yield Task(f"{pipeline.cicd.project}: use of {resource.kind} {resource.name} by {NAME!r}", "not allowed",
                       "let it in", action=LetIn(pipeline.cicd.project_id, resource, number))
