"""The things that checks and pipeline permissions hang on, by kind and id, and who administers each."""
from __future__ import annotations

from sandbox.azure_devops.organisation_state import OrganisationState
from sandbox.azure_devops.projects.library import resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import denied, no_resource
from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.namespaces import Namespace

KINDS = ("endpoint", "environment", "queue", "repository", "variablegroup")


def project_named(call: Call, name: str) -> Project:
    """A project that a body or a query names, as if the route had."""
    call.request.arguments["project"] = name
    return call.project()


def find(call: Call, project: Project, kind: str, identifier: str) -> Resource:
    """404 where `project` has no such thing. A repository may be of another project, which its id says."""
    lower = kind.casefold()
    found = _repository(call, identifier) if lower == "repository" else _of_project(call, project, lower, identifier)
    if found is None:
        raise no_resource(kind, identifier)
    return found


def place(project: Project, resource: Resource) -> tuple[Namespace, str]:
    """The namespace and token of `resource`."""
    if resource.kind == "repository":
        owner, _, repository = resource.id.partition(".")
        return namespaces.GIT, namespaces.repository_token(owner, repository)
    if resource.kind == "endpoint":
        return namespaces.ENDPOINTS, namespaces.endpoint_token(project.id, resource.id)
    number = int(resource.id)
    places = {
        "variablegroup": (namespaces.LIBRARY, namespaces.library_token(project.id, number)),
        "environment": (namespaces.ENVIRONMENT, namespaces.environment_token(project.id, number)),
        "queue": (namespaces.QUEUES, namespaces.queue_token(project.id, number)),
    }
    return places[resource.kind]


def require_administrator(call: Call, project: Project, resource: Resource) -> None:
    namespace, token = place(project, resource)
    permission = namespaces.ADMINISTER[namespace]
    if not call.allows(namespace, token, permission):
        raise denied(call.member, permission, str(resource))


def forget(organisation: OrganisationState, project: Project, resource: Resource) -> None:
    """Remove all that hangs on a resource that is gone: a later one may get its number."""
    permissions = project.library.permissions
    permissions.open(project.id, resource, everyone=False)
    for pipeline in permissions.of(project.id, resource).pipelines:
        permissions.authorise(project.id, resource, pipeline, authorised=False)
    namespace, token = place(project, resource)
    organisation.access.forget(namespace, token)
    organisation.checkpoint.protection.records.forget(resource)
    organisation.authorship.forget(resource.key)


def _of_project(call: Call, project: Project, kind: str, identifier: str) -> Resource | None:
    if kind == "endpoint":
        endpoint = call.organisation.endpoints.get(identifier)
        return endpoint.resource(project.id) if endpoint and project.id in endpoint.names else None
    found = project.library.numbered(kind, identifier)
    return resource_of(found) if found else None


def _repository(call: Call, identifier: str) -> Resource | None:
    owner_id, _, repository_id = identifier.partition(".")
    owner = call.organisation.project(owner_id)
    record = owner.repositories.record(repository_id) if owner else None
    return owner.repository_resource(record.name) if owner and record else None
