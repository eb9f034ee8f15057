"""The REST API of the organisation: every area's routes behind authentication, errors as the service words them."""
from __future__ import annotations

from collections.abc import Iterator

from sandbox.azure_devops.identities.accounts import unauthorized
from sandbox.azure_devops.organisation_state import OrganisationState
from sandbox.azure_devops.rest.areas import AREAS
from sandbox.azure_devops.rest.call import Call, Handler, OutOfScopeError, Routes
from sandbox.azure_devops.rest.envelope import sealed
from sandbox.azure_devops.rest.errors import RestError, no_route
from sandbox.http.message import Application, Request, Response, json_response

REALM = "https://tfsprodweu1.app.visualstudio.com/"


def rest_routes(organisation: OrganisationState) -> Iterator[tuple[str, str, Application]]:
    """Routes for a router that ignores case; whatever else is asked is answered 404."""
    tables: list[Routes] = [area() for area in AREAS]
    for method, path, handler in (row for table in tables for row in table):
        yield method, f"/{organisation.names.organisation}/{path}", _guarded(organisation, handler)
    yield "*", "/{rest...}", lambda request: no_route(request.path)


def _guarded(organisation: OrganisationState, handler: Handler) -> Application:
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
            reply = error.response()
        return sealed(request, reply if isinstance(reply, Response) else json_response(reply))

    return answer
