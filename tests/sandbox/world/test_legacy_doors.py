from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from sandbox.http.message import Application, Request, Response, text_response
from sandbox.http.server import Server
from sandbox.world.legacy_doors import LegacyDoors, legacy_doors
from sandbox.world.world import World


def telling(name: str) -> Application:
    def application(_: Request) -> Response:
        return text_response(name)

    return application


APPLICATIONS = {name: telling(name) for name in ("dev", "prod")}


def free_port() -> int:
    server = Server(telling("none"))
    server.stop()
    return server.port


def told(doors: LegacyDoors, addresses: dict[str, str], **more: object) -> dict[str, str]:
    with ExitStack() as stack:
        for server in doors.servers:
            stack.enter_context(server)
        return {name: requests.get(url, timeout=30, **more).text  # type: ignore[arg-type]
                for name, url in addresses.items()}


def test_every_workspace_has_an_address_of_its_own_on_the_same_port() -> None:
    """A1: for clients that drop the port."""
    port = free_port()
    doors = legacy_doors(APPLICATIONS, port=port)
    assert doors.problem == ""
    assert len(set(doors.hosts.values())) == 2
    assert told(doors, {name: f"{host}:{port}" for name, host in doors.hosts.items()}) == {"dev": "dev", "prod": "prod"}


def test_second_sandbox_takes_the_next_addresses() -> None:
    port = free_port()
    first, second = (legacy_doors(APPLICATIONS, port=port) for _ in range(2))
    assert not set(first.hosts.values()) & set(second.hosts.values())
    for server in [*first.servers, *second.servers]:
        server.stop()


def test_every_workspace_has_a_name_behind_the_proxy() -> None:
    """A1: through HTTP_PROXY."""
    doors = legacy_doors(APPLICATIONS, port=free_port())
    assert doors.proxied == {"dev": "http://dev.databricks.test", "prod": "http://prod.databricks.test"}
    assert told(doors, doors.proxied, proxies={"http": doors.proxy.url}) == {"dev": "dev", "prod": "prod"}


def test_port_that_can_not_be_had_is_told_and_the_proxy_goes_on() -> None:
    port = free_port()
    with ExitStack() as stack:
        for number in range(9, 73):
            stack.callback(Server(telling("other"), host=f"127.0.0.{number}", port=port).stop)
        doors = legacy_doors(APPLICATIONS, port=port)
    assert (doors.hosts, doors.problem) == ({}, f"port {port} is taken on every address up to 127.0.0.72")
    assert told(doors, doors.proxied, proxies={"http": doors.proxy.url}) == {"dev": "dev", "prod": "prod"}


def test_addresses_tell_where_legacy_clients_get_in(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        assert "legacy_clients" not in json.loads((tmp_path / "addresses.json").read_text())
        world.open_legacy_doors()
        found = json.loads((tmp_path / "addresses.json").read_text())
        token = found["databricks"]["dev"]["token"]
        place = found["legacy_clients"]
        reply = requests.get(f"{place['hosts_through_proxy']['dev']}/api/2.0/clusters/list", timeout=30,
                             proxies={"http": place["proxy"]}, headers={"Authorization": f"Bearer {token}"})
    assert reply.status_code == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(place["proxy"], timeout=30)
