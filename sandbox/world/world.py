"""Everything embedded, started together: Entra tenant, Databricks workspaces and Azure DevOps organisation."""
from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from sandbox.azure_devops.identities.accounts import Accounts
from sandbox.azure_devops.observers import OnPush, Watch, nobody, nothing
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.runs.unfinished_runs import close_unfinished
from sandbox.clock import FARTHEST, AdvancedClock
from sandbox.databricks.administration import Administration
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import AZURE_DEVOPS, AppRegistration, InvalidTokenError, Tenant
from sandbox.entra.tls import local_tls
from sandbox.http.admin import Watched, admin_application
from sandbox.http.message import Application
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity
from sandbox.ticking import ticking
from sandbox.world.addresses import ADDRESSES, addresses
from sandbox.world.credentials import Credentials
from sandbox.world.furnish import furnish
from sandbox.world.legacy_doors import LegacyDoors, legacy_doors
from sandbox.world.ports import Ports
from sandbox.world.state import State, StateError
from sandbox.world.team_files import ENVIRONMENTS

_CLOCK = "clock.json"
_TICK_SECONDS = 30.0


class World:
    """The services of one state folder, running inside a `with`; only one at a time can hold the folder.

    `watch` gives the observer of each run, `on_push` is told of pushes; `delays` are the start-up times of clusters
    and libraries, `strict` lets the workspaces refuse fields that the real service would swallow, `small_ids` is for
    clients in JavaScript.
    """

    def __init__(self, folder: Path, *, delays: Delays | None = None, strict: bool = False,
                 small_ids: bool = False, watch: Watch = nobody, on_push: OnPush = nothing) -> None:
        self.state = State(folder.resolve())
        self._delays = delays or Delays()
        self._strict = strict
        self._small_ids = small_ids
        self._watch = watch
        self._on_push = on_push
        self.principals: dict[str, AppRegistration] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.servers: dict[str, Server] = {}
        self.legacy_doors: LegacyDoors | None = None
        self._stack = ExitStack()

    def __enter__(self) -> World:
        with ExitStack() as stack:
            stack.enter_context(self.state.held())
            close_unfinished(self.state.folder / "runs")
            self._build(stack)
            furnish(self)
            self.credentials.save()
            for server in self.servers.values():
                server.start()
            # Runs that are cancelled still ask the services.
            stack.callback(self.organisation.runs.stop)
            stack.enter_context(ticking(self.organisation.schedules.tick, _TICK_SECONDS, "pipeline schedules"))
            for name, workspace in self.workspaces.items():
                stack.enter_context(ticking(workspace.scheduler.tick, _TICK_SECONDS, f"job schedules of {name}"))
            self.state.write_private(ADDRESSES, addresses(self))
            stack.callback((self.state.folder / ADDRESSES).unlink, missing_ok=True)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def databricks_hosts(self) -> dict[str, str]:
        return {name: self.servers[f"databricks/{name}"].url for name in ENVIRONMENTS}

    @property
    def authority(self) -> str:
        return self.servers["entra"].url

    def open_legacy_doors(self) -> LegacyDoors:
        """Let in clients that drop the port of an address, until the end."""
        self.legacy_doors = legacy_doors({name: one.application for name, one in self.workspaces.items()})
        for server in self.legacy_doors.servers:
            self._stack.enter_context(server)
        self.state.write_private(ADDRESSES, addresses(self))
        return self.legacy_doors

    def _build(self, stack: ExitStack) -> None:
        """Make everything; `stack` ends it, also where something else cannot be made."""
        self.credentials = Credentials.of(self.state)
        self.ports = Ports(self.credentials.ports)
        self.tls = local_tls(self.state.folder / "tls")
        self.clock = AdvancedClock(self._kept_clock(), on_advance=self._keep_clock)
        self.tenant = Tenant(self.credentials.tenant_id, key=self.credentials.token("entra/signing key"),
                             clock=self.clock)
        for name in ENVIRONMENTS:
            self.workspaces[name] = self._workspace(name)
            stack.callback(self.workspaces[name].close)
        self.organisation = Organisation(self.state.folder, self._machine(), watch=self._watch, on_push=self._on_push,
                                         accounts=Accounts(self._entra_identity),
                                         issue_token=self.tenant.issue_federated_token)
        stack.callback(self.organisation.close)
        for name, application in self._applications().items():
            self.servers[name] = self.ports.server(name, application, self.tls.context if name == "entra" else None)
            stack.callback(self.servers[name].stop)
        for name in ENVIRONMENTS:
            # For clients that know no other way to a workspace.
            self.servers[f"databricks/{name}"].also_tls = self.tls.context
        self.organisation.address = self.servers["azure_devops"].url

    def _applications(self) -> dict[str, Application]:
        watched: dict[str, Watched] = {**self.workspaces, "azure_devops": self.organisation}
        adjustable = {name: Administration(workspace) for name, workspace in self.workspaces.items()}
        return {**{f"databricks/{name}": workspace.application for name, workspace in self.workspaces.items()},
                "entra": self.tenant.application, "azure_devops": self.organisation.application,
                "admin": admin_application(watched, adjustable, self.clock)}

    def _workspace(self, name: str) -> Workspace:
        return Workspace(name, tenant=self.tenant, clock=self.clock, delays=self._delays, strict=self._strict,
                         folder=self.state.folder / "workspaces" / name,
                         token=self.credentials.databricks_token(name), small_ids=self._small_ids)

    def _kept_clock(self) -> float:
        ahead = self.state.read(_CLOCK).get("ahead", 0)
        if isinstance(ahead, (int, float)) and 0 <= ahead <= FARTHEST:
            return ahead
        message = f"{self.state.folder / _CLOCK}: got {ahead!r}, expected 0 to {FARTHEST} seconds; delete the file"
        raise StateError(message)

    def _keep_clock(self, ahead: float) -> None:
        self.state.write_private(_CLOCK, {"ahead": ahead})

    def _entra_identity(self, token: str) -> Identity | None:
        """Whoever an Entra token for Azure DevOps was signed for, if the organisation knows them."""
        try:
            claims = self.tenant.verify(token, AZURE_DEVOPS)
        except InvalidTokenError:
            return None
        member = self.organisation.directory.signing_in(str(claims.get("upn") or claims.get("appid")))
        return member.identity if member else None

    def _machine(self) -> dict[str, str]:
        """The whole environment of the agents' machine.

        `PIP_*` settings of this machine pass, because where packages are missing only they know the way to an index.
        """
        home = self.state.folder / "home"
        home.mkdir(exist_ok=True)
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return {**pip, "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8",
                "REQUESTS_CA_BUNDLE": str(self.tls.ca_file)}
