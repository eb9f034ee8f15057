"""Where everything is while a sandbox is up, for scripts: `<state>/addresses.json`, readable by its owner only."""
from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.world.people import ANNA, BEN

if TYPE_CHECKING:
    from sandbox.world.world import World

ADDRESSES = "addresses.json"


def addresses(world: World) -> dict[str, object]:
    """Databricks tokens belong to the workspace's administrator; the Entra client is the one of `local`.

    Whoever starts a deployment cannot approve it, so there are tokens of two people.
    """
    organisation, principal = world.organisation, world.principals["local"]
    return {
        "databricks": {name: {"host": host, "https": f"https://localhost:{world.servers[f'databricks/{name}'].port}",
                              "token": world.workspaces[name].token,
                              "token_user": world.workspaces[name].token_user}
                       for name, host in world.databricks_hosts().items()},
        "azure_devops": {"url": organisation.collection_uri, "project": organisation.home.name,
                         "token": world.credentials.token(f"azure_devops/{ANNA.email}"),
                         "approver_token": world.credentials.token(f"azure_devops/{BEN.email}"),
                         "git": organisation.git_url("{repo}")},
        "entra": {"authority": world.authority, "ca_file": str(world.tls.ca_file),
                  "tenant_id": world.tenant.tenant_id, "client_id": principal.client_id,
                  "client_secret": principal.client_secret},
        "admin": {"url": world.servers["admin"].url},
        **_for_legacy_clients(world),
    }


def _for_legacy_clients(world: World) -> dict[str, object]:
    """Only where they were let in: hosts without a port, and hosts to use through the proxy."""
    doors = world.legacy_doors
    if doors is None:
        return {}
    return {"legacy_clients": {"hosts": doors.hosts, "proxy": doors.proxy.url, "hosts_through_proxy": doors.proxied}}
