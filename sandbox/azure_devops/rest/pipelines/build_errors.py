"""How definitions and builds are refused.

Texts as recorded: `MicrosoftDocs/vsts-rest-api-specs` #356, `Dejulia489/AzurePipelinesPS` #20,
`microsoft/azure-devops-python-api` #265, `Azure/azure-devops-cli-extension` #106.
"""
from __future__ import annotations

from collections.abc import Sequence

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import RestError, bad_request, refuse_permission
from sandbox.azure_devops.security.namespaces import BUILD, build_token
from sandbox.http.message import Response, json_response

_NAMES = {
    "QueueBuilds": "Queue builds", "StopBuilds": "Stop builds", "ViewBuilds": "View builds",
    "EditBuildDefinition": "Edit build pipeline", "DeleteBuildDefinition": "Delete build pipeline",
    "CreateBuildDefinition": "Create build pipeline", "ViewBuildDefinition": "View build pipeline",
    "EditPipelineQueueConfigurationPermission": "Edit queue build configuration",
}


def require(call: Call, project: Project, permission: str, pipeline: Pipeline | None = None) -> None:
    """Refuse a caller without `permission` on `pipeline`, or on all pipelines of the project where that is None."""
    if not call.allows(BUILD, build_token(project.id, pipeline.id if pipeline else 0), permission):
        what = f"build pipeline {pipeline.id}:{pipeline.name}" if pipeline else "the build pipelines"
        raise refuse_permission(project, call.member, _NAMES[permission], what)


def definition_exists(name: str, project: Project) -> RestError:
    return RestError(409, "DefinitionExistsException",
                     f"Build pipeline {name} already exists for project {project.name}")


def no_definition(number: str) -> RestError:
    return RestError(404, "DefinitionNotFoundException", f"Build pipeline {number} was not found")


def other_definition(asked: int, sent: object) -> RestError:
    return bad_request(f"The request specifies pipeline ID {asked} but the supplied pipeline has ID {sent}.",
                       "InvalidDefinitionException")


def stale_definition(number: int, sent: int, current: int) -> RestError:
    """A revision that is not there yet is answered 404, one that is past with a conflict."""
    if sent > current:
        return no_definition(str(number))
    message = f"Build pipeline {number} has been changed since revision {sent}: its current revision is {current}."
    return RestError(409, "DefinitionStaleException", message)


def no_build(number: str) -> RestError:
    return RestError(404, "BuildNotFoundException", f"The requested build {number} could not be found.")


def build_completed(number: int) -> RestError:
    message = f"Build {number} is already completed and cannot be changed."
    return bad_request(message, "BuildStatusInvalidChangeException")


def stopped() -> RestError:
    return RestError(503, "HostShutdownException", "TF400898: The organisation is stopping and takes no further runs.")


def validation_failed(messages: Sequence[str]) -> Response:
    """A run that cannot start: an error of .NET's own shape, with the reasons beside the message."""
    return json_response({
        "ClassName": "Microsoft.TeamFoundation.Build.WebApi.BuildRequestValidationFailedException",
        "Message": "Could not queue the build because there were validation errors or warnings.",
        "Data": None, "InnerException": None, "HelpURL": None, "StackTraceString": None, "HResult": -2146232832,
        "ValidationResults": [{"result": "error", "message": message} for message in messages],
    }, 400)
