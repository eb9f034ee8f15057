"""Pipeline settings of a project: https://learn.microsoft.com/rest/api/azure/devops/build/general-settings."""
from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import bad_request, refuse_permission
from sandbox.azure_devops.security.namespaces import PROJECT, project_token


def routes() -> Routes:
    path = "{project}/_apis/build/generalSettings"
    return [("GET", path, _get), ("PATCH", path, _update)]


def _get(call: Call) -> dict[str, Any]:
    return asdict(call.project().record.settings)


def _update(call: Call) -> dict[str, Any]:
    """What is not sent, or null, stays; a name the service does not know is ignored, as there."""
    project = call.project()
    if not call.allows(PROJECT, project_token(project.id), "GENERIC_WRITE"):
        raise refuse_permission(project, call.member, "Edit project-level information", "the pipeline settings")
    with call.organisation.lock:
        known = project.record.settings
        sent = {name: value for name, value in call.fields().items() if hasattr(known, name) and value is not None}
        for name, value in sent.items():
            if not isinstance(value, bool):
                message = f"The value of {name} is not valid: {value!r}, expected true or false."
                raise bad_request(message, "VssPropertyValidationException")
        project.configure(replace(known, **sent))
    return asdict(project.record.settings)
