"""Clients that lie, stall, crowd and leave find a workspace that goes on."""
from __future__ import annotations

import io
import json
import socket
import threading
import time

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Request
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import SPEC, Client
from tests.sandbox.databricks.transport.conftest import Ask, raw


@pytest.mark.parametrize("token", [b"\xff\xfe\x00", bytes(range(128, 256)), b"a" * 60_000, b"%00", b"\t"], ids=len)
def test_token_of_random_bytes_is_refused_with_the_number_403(server: Server, token: bytes) -> None:
    """A8: whatever stands in the header is no member of the workspace."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"GET /api/2.0/clusters/list HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer "
                           + token + b"\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert (answer[:12], b'"error_code": 403' in answer) == (b"HTTP/1.1 403", True)


def test_client_that_leaves_in_the_middle_of_its_body_has_written_nothing(
        server: Server, workspace: Workspace, admin: Client) -> None:
    head = "POST /api/2.1/clusters/create HTTP/1.1\r\nContent-Length: 1000"
    answer = raw(server, workspace, head, json.dumps(SPEC).encode())
    assert answer.startswith(b"HTTP/1.1 400")
    assert admin.get("2.1/clusters/list").body.get("clusters", []) == []


def test_client_that_sends_slowly_holds_nobody_up(server: Server, workspace: Workspace, ask: Ask) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as slow:
        slow.sendall(b"POST /api/2.1/clusters/create HTTP/1.1\r\nContent-Length: 1000\r\n"
                     + f"Authorization: Bearer {workspace.token}\r\n\r\n{{".encode())
        time.sleep(0.05)
        assert ask("POST", "/api/2.1/clusters/create", json=SPEC).status_code == 200


def test_enormous_body_is_413_and_the_next_request_is_served(ask: Ask) -> None:
    reply = ask("POST", "/api/2.1/clusters/create", data=b" " * 17_000_000)
    assert (reply.status_code, reply.text) == (413, "body is larger than 16777216 bytes")
    assert ask("GET", "/api/2.1/clusters/list").status_code == 200


def test_body_of_a_million_values_is_413(ask: Ask) -> None:
    reply = ask("POST", "/api/2.1/clusters/create", data=b'{"a": [' + b"{}," * 1_000_000 + b"{}]}")
    assert reply.status_code == 413


def test_200_clients_at_once_are_all_answered(ask: Ask, server: Server, workspace: Workspace) -> None:
    statuses: list[int] = []

    def create(number: int) -> None:
        reply = requests.post(f"{server.url}/api/2.1/clusters/create", json={**SPEC, "cluster_name": f"c{number}"},
                              headers={"Authorization": f"Bearer {workspace.token}"}, timeout=30)
        statuses.append(reply.status_code)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    names = {row["cluster_name"] for row in ask("GET", "/api/2.0/clusters/list").json()["clusters"]}
    assert len(names) == 200


@pytest.mark.parametrize("query", ["page_size=-1", "page_size=-9223372036854775808", "page_size=0", "page_size=1e9",
                                   "page_size=99999999999999999999", "page_size=%D9%A3", "page_size=", "page_token=%00",
                                   "filter_by=x", "filter_by.is_pinned=perhaps", "a.b.c=1", "." * 5000, "%ff=%ff"])
def test_query_that_makes_no_sense_is_answered_in_json(ask: Ask, query: str) -> None:
    reply = ask("GET", f"/api/2.1/clusters/list?{query}")
    assert reply.status_code in {200, 400}
    assert isinstance(reply.json(), dict)


def test_what_a_client_called_something_is_repeated_up_to_a_length(ask: Ask) -> None:
    reply = ask("POST", "/api/2.1/clusters/delete", json={"cluster_id": "x" * 1_000_000})
    assert (reply.status_code, len(reply.json()["message"])) == (400, 10_000)


def test_of_large_bodies_only_two_are_read_at_the_same_time() -> None:
    """Memory stays bounded: what is read from a body takes several times its size."""
    inside, most, lock = [0], [0], threading.Lock()

    def receive() -> None:
        request = Request("POST", "/", body_stream=io.BytesIO(b"x" * 1_000_000))
        with request.received():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.01)
            assert len(request.body) == 1_000_000
            with lock:
                inside[0] -= 1

    threads = [threading.Thread(target=receive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [2]
