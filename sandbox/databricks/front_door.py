"""Where requests to a workspace come in: who asks is found out, then the handler of the route answers."""
from __future__ import annotations

import errno
import sqlite3
from contextlib import nullcontext

from sandbox.databricks.authentication import authenticate
from sandbox.databricks.call import Call, Handler
from sandbox.databricks.errors import ApiError, unknown_route
from sandbox.databricks.mlflow.artifacts.storage_routes import storage_routes
from sandbox.databricks.oauth.discovery import open_routes
from sandbox.databricks.routes import routes, routes_without_lock
from sandbox.databricks.scim.errors import ScimError
from sandbox.databricks.state import WorkspaceState
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Application, Request, Response, json_response
from sandbox.http.router import Router
from sandbox.storage import StorageError

_NOT_KEPT = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}


def front_door(state: WorkspaceState, tenant: Tenant) -> Router:
    """Every route of a workspace; all but those of signing in and of signed addresses want to know who asks."""
    guard = _Guard(state, tenant)
    router = Router(missing=guard.of(_missing))
    for method, path, application in (*open_routes(state, tenant), *storage_routes(state)):
        router.add(method, path, application)
    for method, path, handler in routes():
        router.add(method, path, guard.of(handler))
    for method, path, handler in routes_without_lock(tenant):
        router.add(method, path, guard.of(handler, holds_lock=False))
    return router


class _Guard:
    def __init__(self, state: WorkspaceState, tenant: Tenant) -> None:
        self._state = state
        self._tenant = tenant

    def of(self, handler: Handler, *, holds_lock: bool = True) -> Application:
        """A handler that waits for git or the network must not hold the lock: it takes it where it needs it."""
        def answer(request: Request) -> Response:
            try:
                response = self._answer(handler, request, holds_lock=holds_lock)
            except (ApiError, ScimError) as error:
                response = error.response()
            except StorageError as error:
                response = ApiError(500, "INTERNAL_ERROR", str(error)).response()
            except (OSError, sqlite3.OperationalError) as error:
                response = _not_kept(error).response()
            # Clients learn from it which workspace they talk to.
            response.headers["X-Databricks-Org-Id"] = self._state.org_id
            return response

        return answer

    def _answer(self, handler: Handler, request: Request, *, holds_lock: bool) -> Response:
        with self._state.lock:
            caller = authenticate(self._state, self._tenant, request)
            request.caller = caller.name
        # A slow client must hold nobody up, and nobody may change what is being told.
        with request.received(), self._state.lock if holds_lock else nullcontext():
            reply = handler(Call(self._state, caller, request))
            return reply if isinstance(reply, Response) else json_response(reply)


def _not_kept(error: OSError | sqlite3.OperationalError) -> ApiError:
    """Told, because only whoever runs the sandbox can do something about a full disk."""
    if isinstance(error, OSError) and error.errno not in _NOT_KEPT:
        raise error
    return ApiError(500, "INTERNAL_ERROR", f"the sandbox cannot keep this: {error}")


def _missing(call: Call) -> Response:
    call.request.is_unknown = True
    raise unknown_route(call.request.method, call.request.path)
