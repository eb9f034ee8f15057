"""Making and deleting projects: https://learn.microsoft.com/rest/api/azure/devops/core/projects/create.

Both are answered with an operation to ask about: https://learn.microsoft.com/rest/api/azure/devops/operations.
"""
from __future__ import annotations

import re
from typing import Any

from sandbox.azure_devops.projects.operations import Operation
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import RestError, bad_request, denied, needed, not_modelled
from sandbox.azure_devops.rest.shapes import mapping, text
from sandbox.azure_devops.security.defaults import ADMINISTRATORS
from sandbox.azure_devops.security.namespaces import PROJECT, project_token
from sandbox.http.message import Response, json_response

# https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions#project-names
_NAME = re.compile(r"(?![_.])[^\\/:*?\"<>|;#$}{,+=\[\]\x00-\x1f\x7f]{1,64}(?<!\.)")


def routes() -> Routes:
    return [
        ("POST", "_apis/projects", _create),
        ("DELETE", "_apis/projects/{project}", _delete),
        ("GET", "_apis/operations/{operation}", _operation),
    ]


def _create(call: Call) -> Response:
    """With a repository of the same name; its creator administers it.

    The permission is one of the organisation, which has no groups of its own here: whoever administers its first
    project has it.
    """
    organisation, fields = call.organisation, call.fields()
    if not call.allows(PROJECT, project_token(organisation.home.id), "GENERIC_WRITE"):
        raise denied(call.member, "Create new projects", f"organization {organisation.names.organisation}")
    _check_capabilities(fields)
    with organisation.lock:
        name = _checked_name(call, fields.get("name"))
        project = organisation.create_project(name, text(fields.get("description"), "description"))
        project.create_repository(name)
        group = organisation.directory.find(f"[{name}]\\{ADMINISTRATORS}")
        assert group is not None  # noqa: S101 - made with the project
        organisation.directory.join(call.member, group)
        return _accepted(call)


def _delete(call: Call) -> Response:
    project = call.project()
    if not call.allows(PROJECT, project_token(project.id), "DELETE"):
        raise denied(call.member, "Delete team project", f"project {project.name}")
    call.organisation.delete_project(project)
    return _accepted(call)


def _operation(call: Call) -> dict[str, Any]:
    number = call.argument("operation")
    found = call.organisation.operations.get(number)
    if found is None:
        raise RestError(404, "OperationNotFoundException", f"The operation {number} could not be found.")
    return {**_reference(call, found, "succeeded"), "_links": {"self": {"href": _url(call, found)}}}


def _accepted(call: Call) -> Response:
    return json_response(_reference(call, call.organisation.operations.done(), "queued"), 202)


def _reference(call: Call, operation: Operation, status: str) -> dict[str, Any]:
    return {"id": operation.id, "status": status, "url": _url(call, operation)}


def _url(call: Call, operation: Operation) -> str:
    return f"{call.organisation.collection_uri}_apis/operations/{operation.id}"


def _check_capabilities(fields: dict[str, Any]) -> None:
    """The service wants to know the kind of repositories and the process; here only git is modelled, and no process."""
    capabilities = mapping(fields.get("capabilities"), "capabilities")
    control = mapping(capabilities.get("versioncontrol"), "versioncontrol").get("sourceControlType")
    if not control or not mapping(capabilities.get("processTemplate"), "processTemplate").get("templateTypeId"):
        raise needed(parameter="capabilities")
    if str(control).casefold() != "git":
        raise not_modelled(what=f"sourceControlType {control!r}", expected="'Git'")
    if str(fields.get("visibility") or "private").casefold() != "private":
        raise not_modelled(what=f"visibility {fields['visibility']!r}", expected="'private'")


def _checked_name(call: Call, posted: object) -> str:
    name = text(posted, "name").strip()
    if not _NAME.fullmatch(name):
        message = f"The project name {name!r} is not valid."
        raise bad_request(message, "InvalidProjectNameException")
    if call.organisation.project(name):
        # https://github.com/microsoft/AzureDevOpsDemoGenerator/issues/861 has the text.
        message = (f"TF200019: The following project already exists on the Azure DevOps Server: {name}. You cannot "
                   "create a new project with the same name as an existing project. Provide a different name.")
        raise RestError(409, "ProjectAlreadyExistsException", message)
    return name
