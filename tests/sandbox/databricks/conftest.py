"""A workspace on a clock that stands still, asked without a socket by an admin, an owner and a stranger."""
from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Headers, Request

SPEC = {"cluster_name": "ours", "spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2",
        "num_workers": 2}


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any

    @property
    def code(self) -> object:
        return self.body.get("error_code")

    @property
    def message(self) -> str:
        return str(self.body.get("message"))


@dataclass
class Client:
    """Asks a workspace with one token; paths are given from the version on, such as `2.1/clusters/list`."""

    workspace: Workspace
    token: str

    def ask(self, method: str, path: str, body: object = None, query: dict[str, list[str]] | None = None) -> Reply:
        content = b"" if body is None else json.dumps(body).encode()
        headers = Headers([("Authorization", f"Bearer {self.token}")])
        response = self.workspace.application(Request(
            method, f"/api/{path}", query=query or {}, headers=headers, body_stream=io.BytesIO(content)))
        return Reply(response.status, json.loads(response.body))

    def get(self, path: str, /, **query: str) -> Reply:
        return self.ask("GET", path, query={name: [value] for name, value in query.items()})

    def post(self, path: str, /, **body: Any) -> Reply:
        return self.ask("POST", path, body)

    def create(self, **changes: Any) -> str:
        """The id of a new cluster, still PENDING."""
        reply = self.post("2.1/clusters/create", **{**SPEC, **changes})
        assert reply.status == 200, reply
        return str(reply.body["cluster_id"])

    def create_running(self, **changes: Any) -> str:
        cluster_id = self.create(**changes)
        assert [self.state(cluster_id), self.state(cluster_id)] == ["PENDING", "RUNNING"]
        return cluster_id

    def create_terminated(self, **changes: Any) -> str:
        cluster_id = self.create_running(**changes)
        self.post("2.1/clusters/delete", cluster_id=cluster_id)
        assert [self.state(cluster_id), self.state(cluster_id)] == ["TERMINATING", "TERMINATED"]
        return cluster_id

    def cluster(self, cluster_id: str) -> dict[str, Any]:
        reply = self.get("2.1/clusters/get", cluster_id=cluster_id)
        assert reply.status == 200, reply
        return dict(reply.body)

    def state(self, cluster_id: str) -> str:
        return str(self.cluster(cluster_id)["state"])

    def libraries(self, cluster_id: str) -> list[str]:
        rows = self.get("2.0/libraries/cluster-status", cluster_id=cluster_id).body.get("library_statuses", ())
        return [row["status"] for row in rows]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def workspace(clock: FakeClock) -> Workspace:
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock)


@pytest.fixture
def strict_workspace(clock: FakeClock) -> Workspace:
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock, strict=True)


@pytest.fixture
def admin(workspace: Workspace) -> Client:
    return Client(workspace, workspace.token)


@pytest.fixture
def owner(workspace: Workspace) -> Client:
    """May create clusters, is no admin."""
    workspace.add_user("owner@example.test", may_create_clusters=True)
    return Client(workspace, workspace.add_token("owner@example.test"))


@pytest.fixture
def stranger(workspace: Workspace) -> Client:
    workspace.add_user("stranger@example.test")
    return Client(workspace, workspace.add_token("stranger@example.test"))
