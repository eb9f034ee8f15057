"""An embedded Databricks workspace: its routes behind authentication, its faults, its request log, its seeds."""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sandbox.clock import Clock, SystemClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.clusters.seeds import add_foreign_clusters
from sandbox.databricks.delays import Delays
from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.front_door import front_door
from sandbox.databricks.memory import Memory
from sandbox.databricks.oauth.credentials import FederationPolicy
from sandbox.databricks.rate_limits import RateLimits
from sandbox.databricks.runs.scheduler import Scheduler
from sandbox.databricks.state import WorkspaceState
from sandbox.databricks.tokens.token_creation import new_token
from sandbox.entra.tenant import Tenant
from sandbox.http.faults import Faults
from sandbox.http.message import Application
from sandbox.http.request_log import RequestLog

ADMINISTRATOR = "admin@example.test"


class Workspace:
    """Serve `application`; `log` tells what was asked, `faults` takes what shall go wrong, `state` is everything else.

    `rate_limits` throttles once it is set, `scheduler` starts scheduled runs when it is ticked.
    `token` is a personal access token of `token_user`, an admin. In strict mode unknown fields and enum values are
    refused, where the real service would drop them. What is in `folder` is there again the next time; without one
    everything ends with the process. `token` is the personal access token to have, a new one unless told. With
    `small_ids` a new workspace gives ids that JavaScript can hold.
    """

    def __init__(self, name: str, *, tenant: Tenant, clock: Clock | None = None, delays: Delays | None = None,
                 strict: bool = False, folder: Path | None = None, token: str = "", small_ids: bool = False) -> None:
        self.name = name
        self.tenant = tenant
        self.state = WorkspaceState(name, clock or SystemClock(), delays or Delays(), strict=strict,
                                    **_kept_in(folder, small_ids=small_ids))
        self._done = self.state.memory.collection("done", bool)
        self.token_user = ADMINISTRATOR
        self.add_user(ADMINISTRATOR, admin=True)
        self.token = self.add_token(ADMINISTRATOR, token)
        self.rate_limits = RateLimits(front_door(self.state, tenant))
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

    def is_first(self, what: str) -> bool:
        """Whether `what` is asked for the first time: who fills a workspace leaves alone what was removed since."""
        with self.state.lock:
            known = what in self._done
            self._done[what] = True
            return not known

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

    def add_foreign_clusters(self, count: int, **described: Any) -> list[str]:  # noqa: ANN401 - see there
        """The ids of clusters of somebody else, as `clusters.seeds` takes them."""
        return add_foreign_clusters(self.state, count, **described)

    def set_delays(self, delays: Delays) -> None:
        """From now on things take this long; what is under way keeps its time."""
        with self.state.lock:
            self.state.delays = delays
            self.state.machine.set_delays(delays)

    def fail_next_start(self, reason: TerminationReason, *, cluster_name: str = "*", times: int = 1) -> None:
        with self.state.lock:
            self.state.start_failures.add(reason, cluster_name, times)

    def fail_library(self, package: str, message: str) -> None:
        """Every installation of `package` (its name without version) fails with `message`."""
        with self.state.lock:
            self.state.library_failures[package] = message

    def fail_next_task(self, error: str, *, task_key: str = "*", times: int = 1) -> None:
        """The next attempts of such tasks fail with `error`, whatever they would have done."""
        with self.state.lock:
            self.state.task_failures.add(error, task_key, times)

    def _member(self, name: str) -> Principal:
        principal = self.state.directory.someone(name)
        if principal is None:
            raise KeyError(name)
        return principal


def _kept_in(folder: Path | None, *, small_ids: bool) -> dict[str, Any]:
    if folder is None:
        return {"memory": Memory(small_ids=small_ids)}
    folder.mkdir(parents=True, exist_ok=True)
    return {"folder": folder, "memory": Memory(folder / "state.sqlite", small_ids=small_ids)}

