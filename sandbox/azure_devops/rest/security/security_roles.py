"""Roles of people on things of the library: no client has these routes, the service's pages and Terraform call them.

https://github.com/microsoft/terraform-provider-azuredevops, azuredevops/utils/securityroles.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import denied, not_modelled, wrong
from sandbox.azure_devops.rest.protected_resources import project_named
from sandbox.azure_devops.rest.security.security_errors import no_descriptor
from sandbox.azure_devops.rest.shapes import mapping, rows
from sandbox.azure_devops.rest.signatures import identity_reference
from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.access_lists import Entry
from sandbox.azure_devops.security.namespaces import ADMINISTER, Namespace
from sandbox.azure_devops.security.roles import give_role, role_of, roles_of
from sandbox.http.message import Response

Place = tuple[Namespace, Callable[[str, str], str]]
# Resources are `{project id}${number}` in the library and `{project id}_{id}` elsewhere; a project's own is its id.
_SCOPES: Mapping[str, Place] = {
    "distributedtask.library": (namespaces.LIBRARY, lambda project, _: namespaces.library_token(project)),
    "distributedtask.variablegroup": (
        namespaces.LIBRARY, lambda project, number: namespaces.library_token(project, int(number))),
    "distributedtask.environmentreferencerole": (
        namespaces.ENVIRONMENT, lambda project, number: namespaces.environment_token(project, int(number))),
    "distributedtask.globalenvironmentreferencerole": (
        namespaces.ENVIRONMENT, lambda project, _: namespaces.environment_token(project)),
    "distributedtask.serviceendpointrole": (namespaces.ENDPOINTS, namespaces.endpoint_token),
    "distributedtask.project.serviceendpointrole": (
        namespaces.ENDPOINTS, lambda project, _: namespaces.endpoint_token(project)),
    "distributedtask.agentqueuerole": (
        namespaces.QUEUES, lambda project, number: namespaces.queue_token(project, int(number))),
}
_RESOURCE = re.compile(r"(?P<project>[0-9a-f-]{36})(?:[$_](?P<id>[0-9a-fA-F-]+))?", re.IGNORECASE)


def routes() -> Routes:
    scope = "_apis/securityroles/scopes/{scope}"
    resource = f"{scope}/roleassignments/resources/{{resource}}"
    return [("GET", f"{scope}/roledefinitions", _definitions), ("GET", resource, _list), ("PUT", resource, _assign),
            ("PATCH", resource, _remove), ("PUT", f"{resource}/{{user}}", _assign_one)]


def _definitions(call: Call) -> dict[str, Any]:
    namespace, _ = _scope(call)
    return collection(_role(call, namespace, name) for name in roles_of(namespace))


def _list(call: Call) -> dict[str, Any]:
    """Roles given on the thing itself as `assigned`, those of the levels above as `inherited`."""
    namespace, token = _place(call)
    found: dict[str, dict[str, Any]] = {}
    for level in namespace.levels(token):
        for descriptor, entry in call.organisation.access.get(namespace, level).entries.items():
            member, role = call.organisation.directory.find(descriptor), role_of(namespace, entry)
            if member and role and descriptor not in found:
                found[descriptor] = _row(call, namespace, member, role, "assigned" if level == token else "inherited")
    return collection(found.values())


def _assign(call: Call) -> dict[str, Any]:
    namespace, token = _administered(call)
    wished = [mapping(row, "roleAssignments") for row in rows(call.body(), "roleAssignments")]
    given = [(_member(call, str(row.get("userId"))), _role_name(namespace, row)) for row in wished]
    return collection([_give(call, namespace, token, member, role) for member, role in given])


def _assign_one(call: Call) -> dict[str, Any]:
    namespace, token = _administered(call)
    return _give(call, namespace, token, _member(call, call.argument("user")), _role_name(namespace, call.fields()))


def _remove(call: Call) -> Response:
    """The body lists the ids of those who lose their role."""
    namespace, token = _administered(call)
    for user in rows(call.body(), "identities"):
        call.organisation.access.assign(namespace, token, _member(call, str(user)), None)
    return Response(204)


def _give(call: Call, namespace: Namespace, token: str, member: Member, role: str) -> dict[str, Any]:
    give_role(call.organisation.access, namespace, token, member, role)
    return _row(call, namespace, member, role, "assigned")


def _role_name(namespace: Namespace, row: Mapping[str, Any]) -> str:
    wanted = str(row.get("roleName") or "").casefold()
    found = next((one for one in roles_of(namespace) if one.casefold() == wanted), None)
    if found is None:
        raise wrong(message=f"There is no role {row.get('roleName')!r}, expected {', '.join(roles_of(namespace))}.")
    return found


def _member(call: Call, member_id: str) -> Member:
    found = call.organisation.directory.get(member_id)
    if found is None:
        raise no_descriptor(member_id)
    return found


def _scope(call: Call) -> Place:
    name = call.argument("scope").casefold()
    if name not in _SCOPES:
        raise not_modelled(what=f"The scope {name!r} of security roles", expected=", ".join(_SCOPES))
    return _SCOPES[name]


def _place(call: Call) -> tuple[Namespace, str]:
    namespace, token = _scope(call)
    found = _RESOURCE.fullmatch(call.argument("resource"))
    if found is None:
        raise wrong(message=f"The resource {call.argument('resource')!r} is none of a project.")
    identifier = found["id"] or "0"
    if namespace is not namespaces.ENDPOINTS and not identifier.isdigit():
        raise wrong(message=f"The resource {call.argument('resource')!r} has no number.")
    return namespace, token(project_named(call, found["project"]).id, identifier)


def _administered(call: Call) -> tuple[Namespace, str]:
    namespace, token = _place(call)
    permission = ADMINISTER[namespace]
    if not call.allows(namespace, token, permission):
        raise denied(call.member, permission, token)
    return namespace, token


def _row(call: Call, namespace: Namespace, member: Member, role: str, access: str) -> dict[str, Any]:
    return {"identity": identity_reference(call, member), "role": _role(call, namespace, role), "access": access,
            "accessDisplayName": access.title()}


def _role(call: Call, namespace: Namespace, role: str) -> dict[str, Any]:
    bits = roles_of(namespace)[role]
    return {"displayName": role, "name": role, "allowPermissions": bits, "denyPermissions": Entry().deny,
            "identifier": f"{call.argument('scope')}.{role}", "scope": call.argument("scope")}
