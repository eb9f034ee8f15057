"""Where requests to an organisation go: to git, or to its REST API."""
from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.azure_devops.rest.service import rest_routes
from sandbox.http.router import Router

if TYPE_CHECKING:
    from sandbox.azure_devops.organisation import Organisation


def router_of(organisation: Organisation) -> Router:
    """Paths fold case, as on the service."""
    router = Router(ignore_case=True)
    pattern = f"/{organisation.names.organisation}/{{project}}/_git/{{repository}}/{{path...}}"
    router.add("*", pattern, organisation.repos.git)
    for method, path, handler in rest_routes(organisation):
        router.add(method, path, handler)
    return router
