from __future__ import annotations

import io

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request
from tests.sandbox.databricks.conftest import Client


def send(workspace: Workspace, body: bytes) -> bytes:
    request = Request("POST", "/api/2.1/clusters/create", body_stream=io.BytesIO(body),
                      headers=Headers([("Authorization", f"Bearer {workspace.token}"), ("Content-Type", "text/json")]))
    return workspace.application(request).body


@pytest.mark.parametrize(("body", "detail"), [
    (b"{", b"failed to parse given JSON"), (b"\xff", b"failed to parse given JSON"), (b"[]", b"expected a map"),
    (b"[" * 100_000, b"failed to parse given JSON"),
    (rb'{"cluster_name": "\ud800", "spark_version": "16.4.x-scala2.12"}', b"failed to parse given JSON"),
])
def test_broken_json_is_malformed(workspace: Workspace, body: bytes, detail: bytes) -> None:
    reply = send(workspace, body)
    assert b'"MALFORMED_REQUEST"' in reply
    assert detail in reply


def test_unknown_route_is_404_in_json(admin: Client) -> None:
    reply = admin.post("2.1/clusters/dance")
    assert (reply.status, reply.code) == (404, "ENDPOINT_NOT_FOUND")
    assert reply.message == "No API found for 'POST /clusters/dance'"


def test_body_of_a_get_is_merged_into_its_parameters(admin: Client) -> None:
    cluster_id = admin.create()
    assert admin.ask("GET", "2.1/clusters/get", {"cluster_id": cluster_id}).body["cluster_id"] == cluster_id


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_clusters_are_served_in_both_versions(admin: Client, version: str) -> None:
    cluster_id = admin.create()
    assert admin.get(f"{version}/clusters/get", cluster_id=cluster_id).status == 200


def test_success_without_content_is_an_empty_object(admin: Client) -> None:
    reply = admin.post("2.0/clusters/delete", cluster_id=admin.create())
    assert (reply.status, reply.body) == (200, {})


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "2.1/clusters/get"), ("POST", "2.1/clusters/edit"), ("GET", "2.0/libraries/cluster-status"),
])
def test_call_without_its_cluster_names_the_field(admin: Client, method: str, path: str) -> None:
    reply = admin.ask(method, path)
    assert (reply.status, reply.message) == (400, "Missing required field: cluster_id")


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "2.1/clusters/get"), ("POST", "2.1/clusters/start"), ("GET", "2.0/libraries/cluster-status"),
    ("GET", "2.0/permissions/clusters/0000-nothing"),
])
def test_missing_cluster_is_400_and_not_404(admin: Client, method: str, path: str) -> None:
    reply = admin.ask(method, path, {"cluster_id": "0000-nothing"})
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message == "Cluster 0000-nothing does not exist"
