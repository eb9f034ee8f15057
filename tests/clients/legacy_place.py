"""Where clients find a workspace that forget the port of its address: at port 80, or behind a proxy."""
from __future__ import annotations

import errno
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sandbox.http.forward_proxy import ForwardProxy
from sandbox.http.message import Application
from sandbox.http.server import Server

_NAME = "dev.databricks.test"
_TRIES = 20
_FORBIDDEN = {errno.EACCES, errno.EADDRNOTAVAIL, errno.EPERM}


@contextmanager
def at_port_80(application: Application) -> Iterator[Mapping[str, str]]:
    """What a client must be told; an `OSError` where this machine lets nobody listen there."""
    with _server(application) as server:
        yield {"DATABRICKS_HOST": server.url.removesuffix(":80")}


@contextmanager
def behind_proxy(application: Application) -> Iterator[Mapping[str, str]]:
    """What a client must be told that asks for a host which only the proxy knows."""
    with Server(ForwardProxy({_NAME: application})) as proxy:
        yield {"DATABRICKS_HOST": f"http://{_NAME}", "HTTP_PROXY": proxy.url, "http_proxy": proxy.url}


@contextmanager
def anywhere(application: Application) -> Iterator[Mapping[str, str]]:
    """At port 80 if that is allowed, else behind a proxy."""
    try:
        server = _server(application)
    except OSError:
        with behind_proxy(application) as told:
            yield told
        return
    with server:
        yield {"DATABRICKS_HOST": server.url.removesuffix(":80")}


def _server(application: Application) -> Server:
    """On a loopback address of its own: others on this machine may listen at port 80, too."""
    for _ in range(_TRIES):
        address = f"127.{random.randrange(16, 255)}.{random.randrange(256)}.{random.randrange(1, 255)}"  # noqa: S311 - an address
        try:
            return Server(application, host=address, port=80)
        except OSError as error:
            if error.errno in _FORBIDDEN:
                raise
    message = f"no free loopback address in {_TRIES} tries"
    raise OSError(message)
