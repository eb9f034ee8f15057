"""What a person asks a run for, checked before it is queued: permissions, ref, parameters, and the YAML itself."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import GitError
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.pipelines.build_errors import require, validation_failed
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.http.message import Response
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.prepare import Prepared
from sandbox.pipelines.request import Variable

_SHA = re.compile(r"[0-9a-f]{40}")
_SETTABLE = "system.debug"


@dataclass(frozen=True)
class Asked:
    """`ref` may be a bare branch name, or nothing for the default branch; `commit` nothing for the newest."""

    ref: str = ""
    commit: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    variables: Mapping[str, Variable] = field(default_factory=dict)
    skipped: Sequence[str] = ()


class CannotRunError(Exception):
    """The run cannot start: `messages` say why."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = messages

    def response(self) -> Response:
        return validation_failed(self.messages)


def order_for(call: Call, project: Project, pipeline: Pipeline, asked: Asked) -> tuple[RunOrder, Prepared]:
    """The order of the caller and what it comes to; refused, or CannotRunError, where it cannot run."""
    require(call, project, "QueueBuilds", pipeline)
    if asked.parameters or asked.variables:
        require(call, project, "EditPipelineQueueConfigurationPermission", pipeline)
    _check_settable(project, pipeline, asked)
    if pipeline.document.get("queueStatus", "enabled") != "enabled":
        message = f"The build pipeline {pipeline.name} is {pipeline.document['queueStatus']}."
        raise CannotRunError(message)
    record = project.repositories.record(pipeline.repository)
    if record is None or record.disabled:
        message = (f"An error occurred while loading the YAML build pipeline. The repository {pipeline.repository} in "
                   f"project {project.id} could not be retrieved. Verify the name and credentials being used.")
        raise CannotRunError(message)
    ref, commit = _source(project.repositories.at(record), pipeline, asked)
    order = RunOrder(pipeline, ref, commit, "Manual", call.member.identity, parameters=asked.parameters,
                     variables=asked.variables)
    return _chosen(call, order, asked.skipped)


def _chosen(call: Call, order: RunOrder, skipped: Sequence[str]) -> tuple[RunOrder, Prepared]:
    try:
        prepared = call.organisation.work.preview(order)
        if not skipped:
            return order, prepared
        names = [stage.name for stage in prepared.pipeline.stages]
        unknown = {one.casefold() for one in skipped} - {one.casefold() for one in names}
        if unknown:
            message = f"Stages to skip that the pipeline does not have: {', '.join(sorted(unknown))}."
            raise CannotRunError(message)
        folded = {one.casefold() for one in skipped}
        chosen = replace(order, stages=[one for one in names if one.casefold() not in folded])
        return chosen, call.organisation.work.preview(chosen)
    except PipelineError as error:
        raise CannotRunError(str(error)) from error


def _source(repository: BareRepository, pipeline: Pipeline, asked: Asked) -> tuple[str, str]:
    ref = asked.ref or pipeline.default_branch
    ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    newest = repository.refs().get(ref)
    if newest is None:
        message = (f"Unable to resolve the reference '{ref}' to a specific version. Verify the reference exists in the "
                   "source repository.")
        raise CannotRunError(message)
    if not asked.commit:
        return ref, newest
    try:
        if not _SHA.fullmatch(asked.commit):
            message = (f"An object ID must be 40 characters long and only have hex digits. Passed in object ID: "
                       f"{asked.commit}.")
            raise CannotRunError(message)
        repository.tree(asked.commit)
    except GitError as error:
        message = f"TF401174: The commit {asked.commit} could not be found in the repository {pipeline.repository}."
        raise CannotRunError(message) from error
    return ref, asked.commit


def _check_settable(project: Project, pipeline: Pipeline, asked: Asked) -> None:
    """https://learn.microsoft.com/azure/devops/pipelines/security/inputs#limit-variables-that-can-be-set-at-queue-time."""
    known = pipeline.document.get("variables") or {}
    settable = {name.casefold() for name, one in known.items() if one.get("allowOverride")} | {_SETTABLE}
    if not project.record.settings.enforceSettableVar:
        settable |= {name.casefold() for name in asked.variables if not _is_reserved(name)}
    others = [name for name in asked.variables if name.casefold() not in settable]
    if others:
        message = (f"You can't set the following variables ({', '.join(others)}). If you want to be able to set these "
                   "variables, then edit the pipeline and select Settable at queue time on the variables tab of the "
                   "pipeline editor.")
        raise CannotRunError(message)


def _is_reserved(name: str) -> bool:
    return name.casefold().startswith(("system.", "build.", "agent."))
