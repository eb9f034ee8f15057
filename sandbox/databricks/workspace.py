"""An embedded Databricks workspace: its routes behind authentication, its faults, its request log, its seeds."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sandbox.clock import Clock, SystemClock
from sandbox.databricks.authentication import authenticate
from sandbox.databricks.call import Call, Handler
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.directory import USERS, Principal, PrincipalKind
from sandbox.databricks.errors import ApiError, ScimError, unknown_route
from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.artifacts.storage_routes import storage_routes
from sandbox.databricks.oauth.credentials import FederationPolicy
from sandbox.databricks.oauth.discovery import open_routes
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.rate_limits import RateLimits
from sandbox.databricks.routes import routes, routes_without_lock
from sandbox.databricks.runs.scheduler import Scheduler
from sandbox.databricks.state import StartFailure, TaskFailure, WorkspaceState
from sandbox.databricks.tokens.token_creation import new_token
from sandbox.entra.tenant import Tenant
from sandbox.http.faults import Faults
from sandbox.http.message import Application, Request, Response, json_response
from sandbox.http.request_log import RequestLog
from sandbox.http.router import Router

ADMINISTRATOR = "admin@example.test"


class Workspace:
    """Serve `application`; `log` tells what was asked, `faults` takes what shall go wrong, `state` is everything else.

    `rate_limits` throttles once it is set, `scheduler` starts scheduled runs when it is ticked.
    `token` is a personal access token of `token_user`, an admin. In strict mode unknown fields and enum values are
    refused, where the real service would drop them. What is in `folder` is there again the next time; without one
    everything ends with the process. `token` is the personal access token to have, a new one unless told.
    """

    def __init__(self, name: str, *, tenant: Tenant, clock: Clock | None = None, delays: Delays | None = None,
                 strict: bool = False, folder: Path | None = None, token: str = "") -> None:
        self.name = name
        self.tenant = tenant
        self.state = WorkspaceState(name, clock or SystemClock(), delays or Delays(), strict=strict, **_kept_in(folder))
        self.token_user = ADMINISTRATOR
        self.add_user(ADMINISTRATOR, admin=True)
        self.token = self.add_token(ADMINISTRATOR, token)
        self.rate_limits = RateLimits(self._routes())
        self.faults = Faults(self.rate_limits)
        self.log = RequestLog(self.faults)
        self.scheduler = Scheduler(self.state)

    @property
    def application(self) -> Application:
        return self.log

    def close(self) -> None:
        """Stop what really runs. Nothing that happens from now on is remembered."""
        with self.state.lock:
            self.state.runs.stop()
        self.state.contexts.stop()
        self.state.memory.close()

    def add_user(self, user_name: str, display_name: str = "", *, admin: bool = False,
                 may_create_clusters: bool = False) -> Principal:
        with self.state.lock:
            return self.state.directory.add(PrincipalKind.USER, user_name, display_name, admin=admin,
                                            may_create_clusters=may_create_clusters)

    def add_service_principal(self, application_id: str, display_name: str = "", *, admin: bool = False,
                              may_create_clusters: bool = True) -> Principal:
        with self.state.lock:
            return self.state.directory.add(PrincipalKind.SERVICE_PRINCIPAL, application_id, display_name,
                                            admin=admin, may_create_clusters=may_create_clusters)

    def add_group(self, name: str, members: Iterable[Principal] = ()) -> Principal:
        with self.state.lock:
            return self.state.directory.add_group(name, tuple(members))

    def add_folder(self, path: str, manager: Principal) -> None:
        """A folder that `manager` manages, such as `/Repos/dev`, which only admins could make. One there is kept."""
        with self.state.lock:
            if self.state.files.find(path) is None:
                self.state.files.give(path, manager)

    def add_token(self, name: str, token: str = "") -> str:
        """A personal access token of a user or service principal who is a member: `token`, or a new one."""
        token = token or new_token()
        with self.state.lock:
            owner = self._member(name)
            if self.state.tokens.owner_id(token) != owner.id:
                self.state.tokens.add(token, owner.id)
        return token

    def add_oauth_secret(self, application_id: str, secret: str = "") -> str:
        """What a service principal signs in with at `/oidc/v1/token`: `secret`, or a new one."""
        with self.state.lock:
            return self.state.oauth.add_secret(self._member(application_id).id, secret)[0]

    def trust_issuer(self, issuer: str, audience: str, *, subject: str = "", application_id: str = "") -> None:
        """Tokens of `issuer` let in the service principal, or, without one, the user whom their subject names."""
        with self.state.lock:
            principal_id = self._member(application_id).id if application_id else ""
            self.state.oauth.trust(FederationPolicy(issuer, audience, subject, principal_id))

    def add_contributor(self, application_id: str) -> None:
        """A service principal that may change the Azure resource of this workspace, be it a member or not."""
        with self.state.lock:
            self.state.contributors.add(application_id.lower())

    def add_foreign_clusters(self, count: int, *, name: str = "team-{number}", owner: str = "owner@example.test",
                             state: str = "TERMINATED", visible: bool = True, **spec: Any) -> list[str]:  # noqa: ANN401 - REST fields
        """Clusters of somebody else, at once; `visible` lets everyone attach, so that everyone sees them."""
        with self.state.lock:
            creator = self.add_user(owner)
            base = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1, **spec}
            ids = [self._add_foreign(creator, {"cluster_name": name.format(number=number), **base}, state=state)
                   for number in range(count)]
            for cluster_id in ids if visible else ():
                self.state.access.change(CLUSTERS, cluster_id, replace=False, entries=[
                    {"group_name": USERS, "permission_level": "CAN_ATTACH_TO"}])
            return ids

    def set_delays(self, delays: Delays) -> None:
        """From now on things take this long; what is under way keeps its time."""
        with self.state.lock:
            self.state.delays = delays
            self.state.machine.set_delays(delays)

    def fail_next_start(self, reason: TerminationReason, *, cluster_name: str = "*", times: int = 1) -> None:
        with self.state.lock:
            self.state.start_failures.append(StartFailure(reason, cluster_name, times))

    def fail_library(self, package: str, message: str) -> None:
        """Every installation of `package` (its name without version) fails with `message`."""
        with self.state.lock:
            self.state.library_failures[package] = message

    def fail_next_task(self, error: str, *, task_key: str = "*", times: int = 1) -> None:
        """The next attempts of such tasks fail with `error`, whatever they would have done."""
        with self.state.lock:
            self.state.task_failures.append(TaskFailure(error, task_key, times))

    def _member(self, name: str) -> Principal:
        kinds = (PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL)
        principal = next(filter(None, (self.state.directory.find(kind, name) for kind in kinds)), None)
        if principal is None:
            raise KeyError(name)
        return principal

    def _add_foreign(self, creator: Principal, spec: dict[str, Any], *, state: str) -> str:
        now = self.state.clock.now()
        cluster = Cluster(self.state.new_cluster_id(), spec, spec, creator.name, source="UI", state=state,
                          start_time=now, running_since=now, last_activity=now,
                          terminated_time=now if state == "TERMINATED" else None)
        self.state.add_cluster(cluster)
        self.state.access.add_object(CLUSTERS, cluster.cluster_id, creator)
        return cluster.cluster_id

    def _routes(self) -> Router:
        router = Router(missing=self._guard(_missing))
        for method, path, application in (*open_routes(self.state, self.tenant), *storage_routes(self.state)):
            router.add(method, path, application)
        for method, path, handler in routes():
            router.add(method, path, self._guard(handler))
        for method, path, handler in routes_without_lock(self.tenant):
            router.add(method, path, self._guard(handler, holds_lock=False))
        return router

    def _guard(self, handler: Handler, *, holds_lock: bool = True) -> Application:
        """A handler that waits for git or the network must not hold the lock: it takes it where it needs it."""
        def answer(request: Request) -> Response:
            try:
                with self.state.lock:
                    caller = authenticate(self.state, self.tenant, request)
                    request.caller = caller.name
                # A slow client must hold nobody up, and nobody may change what is being told.
                with request.received(), self.state.lock if holds_lock else nullcontext():
                    reply = handler(Call(self.state, caller, request))
                    return reply if isinstance(reply, Response) else json_response(reply)
            except (ApiError, ScimError) as error:
                return error.response()

        return answer


def _kept_in(folder: Path | None) -> dict[str, Any]:
    if folder is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    return {"folder": folder, "memory": Memory(folder / "state.sqlite")}


def _missing(call: Call) -> Response:
    call.request.is_unknown = True
    raise unknown_route(call.request.method, call.request.path)
