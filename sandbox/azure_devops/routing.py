"""Where requests to an organisation go: to git, or to its REST API."""
from __future__ import annotations

from sandbox.azure_devops.organisation_state import OrganisationState
from sandbox.azure_devops.rest.service import rest_routes
from sandbox.http.router import Router


def router_of(organisation: OrganisationState) -> Router:
    """Paths fold case, as on the service."""
    router = Router(ignore_case=True)
    pattern = f"/{organisation.names.organisation}/{{project}}/_git/{{repository}}/{{path...}}"
    router.add("*", pattern, organisation.repos.git)
    for method, path, handler in rest_routes(organisation):
        router.add(method, path, handler)
    return router
