"""Where the services of a sandbox listen: on the port of last time if that is free, so that clones stay valid."""
from __future__ import annotations

import errno
import os
import random
import ssl
from dataclasses import dataclass, field

from sandbox.http.message import Application
from sandbox.http.server import Server

# Below the ports that systems give to outgoing connections, so that few programs take them while the sandbox is down;
# sandboxes that run at the same time look in blocks of their own.
_FIRST, _BLOCK, _BLOCKS = 16_384, 64, 256


@dataclass
class Ports:
    """`kept` are the ports by service, as they are and as they were; `moved` says which of the latter were taken."""

    kept: dict[str, int]
    moved: dict[str, int] = field(default_factory=dict)

    def server(self, name: str, application: Application, tls: ssl.SSLContext | None = None) -> Server:
        """A server that has its port already, and serves nothing yet."""
        before = self.kept.get(name)
        server = _on(before, application, tls) if before else None
        if server is None:
            server = _on_new(application, tls)
            if before:
                self.moved[name] = before
        self.kept[name] = server.port
        return server


def _on_new(application: Application, tls: ssl.SSLContext | None) -> Server:
    first = _FIRST + os.getpid() % _BLOCKS * _BLOCK
    tried = (_on(port, application, tls) for port in random.sample(range(first, first + _BLOCK), _BLOCK))
    return next((server for server in tried if server), None) or Server(application, tls=tls)


def _on(port: int, application: Application, tls: ssl.SSLContext | None) -> Server | None:
    """None where somebody else has the port, or this user may not have it."""
    try:
        return Server(application, tls=tls, port=port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return None
