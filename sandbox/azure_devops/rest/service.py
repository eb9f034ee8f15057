"""The REST API of the organisation: every area's routes behind authentication, errors as the service words them."""
from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sandbox.azure_devops.identities.accounts import unauthorized
from sandbox.azure_devops.rest import (
    access_control,
    approvals,
    authorized_resources,
    build_artifacts,
    build_logs,
    builds,
    check_configurations,
    check_suites,
    commits,
    definitions,
    diffs,
    endpoints,
    environments,
    general_settings,
    identities,
    items,
    locations,
    oidc_token,
    pipeline_permissions,
    pipeline_runs,
    pipelines,
    policies,
    projects,
    pull_request_reviewers,
    pull_request_statuses,
    pull_request_threads,
    pull_requests,
    pushes,
    queues,
    refs,
    repositories,
    security_roles,
    variable_groups,
)
from sandbox.azure_devops.rest.call import Call, Handler, OutOfScopeError, Routes
from sandbox.azure_devops.rest.errors import RestError, no_route
from sandbox.http.message import Application, Request, Response, json_response

if TYPE_CHECKING:
    from sandbox.azure_devops.organisation import Organisation

REALM = "https://tfsprodweu1.app.visualstudio.com/"
# One line for each area: add yours, and nothing else here.
AREAS = (
    locations.routes,
    projects.routes,
    repositories.routes,
    refs.routes,
    pushes.routes,
    items.routes,
    commits.routes,
    diffs.routes,
    policies.routes,
    pull_request_reviewers.routes,
    pull_request_statuses.routes,
    pull_request_threads.routes,
    pull_requests.routes,
    build_logs.routes,
    builds.routes,
    build_artifacts.routes,
    authorized_resources.routes,
    definitions.routes,
    oidc_token.routes,
    general_settings.routes,
    access_control.routes,
    approvals.routes,
    check_configurations.routes,
    check_suites.routes,
    endpoints.routes,
    security_roles.routes,
    environments.routes,
    identities.routes,
    pipeline_permissions.routes,
    queues.routes,
    variable_groups.routes,
    # The last: whatever else is below `pipelines/` goes before the number of a pipeline.
    pipeline_runs.routes,
    pipelines.routes,
)


def rest_routes(organisation: Organisation) -> Iterator[tuple[str, str, Application]]:
    """Routes for a router that ignores case; whatever else is asked is answered 404."""
    tables: list[Routes] = [area() for area in AREAS]
    for method, path, handler in (row for table in tables for row in table):
        yield method, f"/{organisation.names.organisation}/{path}", _guarded(organisation, handler)
    yield "*", "/{rest...}", lambda request: no_route(request.path)


def _guarded(organisation: Organisation, handler: Handler) -> Application:
    def answer(request: Request) -> Response:
        caller = organisation.accounts.caller(request)
        if caller is None:
            return unauthorized(REALM)
        request.caller = caller.identity.email
        try:
            reply = handler(Call(organisation, caller, organisation.directory.of(caller.identity), request))
        except OutOfScopeError:
            return unauthorized(REALM)
        except RestError as error:
            return error.response()
        response = reply if isinstance(reply, Response) else json_response(reply)
        response.headers.setdefault("X-TFS-Session", str(uuid.uuid4()))
        return response

    return answer
