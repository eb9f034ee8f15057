"""The Azure DevOps environments that deployments name."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from sandbox.pipelines.model import Job, Pipeline, VariableEntry
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.request import RunRequest
from sandbox.pipelines.variables import Variables


class EnvironmentNames:
    """A name may hold variables written in the YAML of the pipeline's root, and no other.

    Resources are collected before any group, stage or job is looked at.
    """

    def __init__(self, root: Sequence[VariableEntry]) -> None:
        self._variables = Variables()
        for entry in root:
            if not entry.is_group:
                self._variables.set(entry.name, entry.value)
        self._variables.recalculate()

    def of(self, jobs: Sequence[Job]) -> tuple[str, ...]:
        """Each name once, in the order written."""
        return self.expanded(job.environment for job in jobs if job.environment)

    def expanded(self, names: Iterable[str]) -> tuple[str, ...]:
        """Names of anything that is collected with the resources."""
        return tuple(dict.fromkeys(self._variables.expand(name) for name in names))


def check_environments(pipeline: Pipeline, request: RunRequest) -> None:
    """Refuse a deployment to an environment that is not there, where the request says which ones are."""
    if request.environments is None:
        return
    known = {name.casefold() for name in request.environments}
    names = EnvironmentNames(pipeline.variables)
    for job in (job for stage in pipeline.stages for job in stage.jobs):
        for name in names.of([job]):
            if name.casefold() not in known:
                message = (f"Job {job.name}: Environment {name} could not be found. The environment does not exist or "
                           f"has not been authorized for use")
                raise PipelineError(message, job.position)
