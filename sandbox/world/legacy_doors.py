"""Ways into the workspaces for clients that drop the port of an address, such as the legacy databricks-cli and dbx.

Each workspace gets a loopback address of its own, on port 80; and there is a forward proxy, which needs no such port.
"""
from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.http.forward_proxy import ForwardProxy
from sandbox.http.message import Application
from sandbox.http.server import Server

_PORT = 80
_HOSTS = tuple(f"127.0.0.{number}" for number in range(9, 73))
_REASONS = {
    errno.EACCES: "this user may not take port {port}; on Linux "
                  "'sudo sysctl -w net.ipv4.ip_unprivileged_port_start={port}' allows it to everyone",
    errno.EADDRNOTAVAIL: "this machine has no address {host}; on macOS 'sudo ifconfig lo0 alias {host} up' adds one",
    errno.EADDRINUSE: "port {port} is taken on every address up to {host}",
}


@dataclass(frozen=True)
class LegacyDoors:
    """`hosts` are addresses without a port, and `problem` says why there are none.

    `proxied` are addresses to use with `HTTP_PROXY` set to that of `proxy`.
    """

    proxy: Server
    proxied: dict[str, str]
    on_port_80: dict[str, Server]
    problem: str = ""

    @property
    def hosts(self) -> dict[str, str]:
        return {name: f"http://{server.host}" for name, server in self.on_port_80.items()}

    @property
    def servers(self) -> list[Server]:
        return [self.proxy, *self.on_port_80.values()]


def legacy_doors(applications: Mapping[str, Application], *, port: int = _PORT) -> LegacyDoors:
    """Doors to the applications, by name: their ports are taken, and nothing is served yet."""
    proxied = {name: f"{name}.databricks.test" for name in applications}
    proxy = Server(ForwardProxy({proxied[name]: application for name, application in applications.items()}))
    servers: dict[str, Server] = {}
    problem, hosts = "", iter(_HOSTS)
    for name, application in applications.items():
        server, problem = _on_next(hosts, application, port)
        if server is None:
            for other in servers.values():
                other.stop()
            servers = {}
            break
        servers[name] = server
    return LegacyDoors(proxy, {name: f"http://{host}" for name, host in proxied.items()}, servers, problem)


def _on_next(hosts: Iterator[str], application: Application, port: int) -> tuple[Server | None, str]:
    """A server on the next address whose port nobody has, or why there is none."""
    problem = "every address is used"
    for host in hosts:
        try:
            return Server(application, host=host, port=port), ""
        except OSError as error:
            reason = _REASONS.get(error.errno or 0, "port {port} of {host} can not be used: " + str(error))
            problem = reason.format(host=host, port=port)
            if error.errno != errno.EADDRINUSE:
                break
    return None, problem
