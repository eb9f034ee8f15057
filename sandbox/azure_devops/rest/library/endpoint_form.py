"""A service connection as it is posted, and as the service shows it: secrets go in and never come out."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.endpoints.federation import issuer, subject
from sandbox.azure_devops.endpoints.service_endpoints import ServiceEndpoint
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import needed
from sandbox.azure_devops.rest.shapes import mapping
from sandbox.azure_devops.rest.signatures import signed

_SECRETS = frozenset({"accesstoken", "apitoken", "certificate", "password", "serviceprincipalcertificate",
                      "serviceprincipalkey", "token"})
_EXTRA = ("owner", "isShared")


def read_endpoint(fields: Mapping[str, Any], before: ServiceEndpoint, names: Mapping[str, str]) -> ServiceEndpoint:
    """The posted connection in the projects of `names`; a secret sent as null keeps the value it had."""
    kind, url = fields.get("type"), fields.get("url")
    if not isinstance(kind, str) or not kind:
        raise needed(parameter="endpoint.Type")
    authorization = mapping(fields.get("authorization"), "authorization")
    if not authorization.get("scheme"):
        raise needed(parameter="endpoint.Authorization")
    parameters = {str(name): before.parameters.get(name, "") if value is None else str(value)
                  for name, value in mapping(authorization.get("parameters"), "parameters").items()}
    return ServiceEndpoint(
        before.id, kind, str(url or ""), str(authorization["scheme"]), dict(names), parameters,
        {str(name): str(value) for name, value in mapping(fields.get("data"), "data").items()},
        str(fields.get("description") or ""), {name: fields[name] for name in _EXTRA if name in fields})


def endpoint_view(call: Call, project: Project, endpoint: ServiceEndpoint) -> dict[str, Any]:
    """As `project` sees it."""
    parameters = {name: None if name.casefold() in _SECRETS else value for name, value in endpoint.parameters.items()}
    references = [_reference(call, one, name, endpoint) for one, name in endpoint.names.items()]
    created = {name: value for name, value in signed(call, endpoint.resource(project.id).key).items()
               if name == "createdBy"}
    return {
        "data": dict(endpoint.data), "id": endpoint.id, "name": endpoint.names[project.id], "type": endpoint.type,
        "url": endpoint.url, **created, "description": endpoint.description,
        "authorization": {"parameters": {**parameters, **_federation(call, project, endpoint)},
                          "scheme": endpoint.scheme},
        "isShared": len(endpoint.names) > 1, "isOutdated": False, "isReady": True,
        "owner": endpoint.extra.get("owner", "Library"), "serviceEndpointProjectReferences": references,
    }


def _federation(call: Call, project: Project, endpoint: ServiceEndpoint) -> dict[str, str]:
    if not endpoint.is_federated:
        return {}
    organisation = call.organisation
    name = endpoint.names[project.id]
    return {"workloadIdentityFederationIssuer": issuer(organisation.id),
            "workloadIdentityFederationSubject": subject(organisation.names.organisation, project.name, name)}


def _reference(call: Call, project: str, name: str, endpoint: ServiceEndpoint) -> dict[str, Any]:
    found = call.organisation.project(project)
    return {"projectReference": {"id": project, "name": found.name if found else ""}, "name": name,
            "description": endpoint.description}
