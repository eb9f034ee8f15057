"""Service connections, which the REST API calls endpoints: what a pipeline may sign in to, and how."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.azure_devops.projects.resources import Resource
from sandbox.storage import Storage

FEDERATION = "WorkloadIdentityFederation"


@dataclass(frozen=True)
class ServiceEndpoint:
    """`names` are what each project that shares the connection calls it, by the id of the project.

    `parameters` are those of the authorisation scheme, secrets among them.
    """

    id: str
    type: str
    url: str
    scheme: str
    names: Mapping[str, str]
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    data: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def resource(self, project: str) -> Resource:
        return Resource("endpoint", self.id, self.names[project])

    @property
    def is_federated(self) -> bool:
        return self.scheme.casefold() == FEDERATION.casefold()


class ServiceEndpoints:
    """The service connections of the organisation; names fold case within a project."""

    def __init__(self, storage: Storage) -> None:
        self._endpoints = storage.table("service endpoint", ServiceEndpoint)
        self._by_project = self._endpoints.index(lambda one: one.names)

    def of(self, project: str) -> list[ServiceEndpoint]:
        """Those of one project, by its id."""
        return self._by_project.of(project)

    def get(self, endpoint: str) -> ServiceEndpoint | None:
        return self._endpoints.get(endpoint.lower())

    def named(self, project: str, name: str) -> ServiceEndpoint | None:
        """By name or id, as YAML may say either."""
        wanted = name.casefold()
        return next((one for one in self.of(project) if wanted in (one.names[project].casefold(), one.id)), None)

    def put(self, endpoint: ServiceEndpoint) -> None:
        self._endpoints[endpoint.id] = endpoint

    def remove(self, endpoint: ServiceEndpoint, project: str) -> None:
        """Take the connection from `project`; it is gone with the last one."""
        left = {one: name for one, name in endpoint.names.items() if one != project}
        if left:
            self._endpoints[endpoint.id] = replace(endpoint, names=left)
        else:
            del self._endpoints[endpoint.id]

    def resource(self, project: str, name: str) -> Resource | None:
        found = self.named(project, name)
        return found.resource(project) if found else None
