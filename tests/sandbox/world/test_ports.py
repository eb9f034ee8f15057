from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from sandbox.http.message import Request, Response
from sandbox.http.server import Server
from sandbox.world import ports
from sandbox.world.ports import Ports


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def answer(_: Request) -> Response:
    return Response()


def port_of(server: Server) -> int:
    """Its port, which is free again."""
    server.stop()
    return server.port


def test_a_service_keeps_its_port() -> None:
    first = Ports({})
    before = port_of(first.server("entra", answer))
    second = Ports(dict(first.kept))
    assert (port_of(second.server("entra", answer)), second.moved) == (before, {})


def test_a_service_whose_port_is_taken_moves_and_says_so(taken: int) -> None:
    ours = Ports({"entra": taken})
    now = port_of(ours.server("entra", answer))
    assert now != taken
    assert (ours.kept, ours.moved) == ({"entra": now}, {"entra": taken})


def test_new_ports_are_none_that_systems_give_away() -> None:
    """Linux gives those from 32768 on to outgoing connections, macOS and Windows those from 49152 on."""
    ours, other = Ports({}), Ports({})
    with ExitStack() as stack:
        servers = [each.server(str(number), answer) for each in (ours, other) for number in range(8)]
        for server in servers:
            stack.callback(server.stop)
        assert len({server.port for server in servers}) == 16
        assert all(16_384 <= server.port < 32_768 for server in servers)


def test_processes_next_to_each_other_look_in_different_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 4711)
    one = port_of(Ports({}).server("entra", answer))
    monkeypatch.setattr(os, "getpid", lambda: 4712)
    assert port_of(Ports({}).server("entra", answer)) // 64 == one // 64 + 1


def test_where_its_places_are_taken_the_system_gives_a_port(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_FIRST", taken)
    monkeypatch.setattr(ports, "_BLOCK", 1)
    monkeypatch.setattr(ports, "_BLOCKS", 1)
    assert port_of(Ports({}).server("entra", answer)) != taken


def test_what_no_other_port_would_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Server:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(ports, "Server", fail)
    with pytest.raises(OSError, match="Too many open files"):
        Ports({"entra": 20_000}).server("entra", answer)
