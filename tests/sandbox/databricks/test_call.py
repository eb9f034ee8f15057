from __future__ import annotations

import io
from typing import Any

import pytest

from sandbox.databricks.call import Call, routes_below
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.errors import ApiError
from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request, RequestRefusedError
from tests.sandbox.databricks.conftest import Client


def send(workspace: Workspace, body: bytes, action: str = "create") -> bytes:
    request = Request("POST", f"/api/2.1/clusters/{action}", body_stream=io.BytesIO(body),
                      headers=Headers([("Authorization", f"Bearer {workspace.token}"), ("Content-Type", "text/json")]))
    return workspace.application(request).body


@pytest.mark.parametrize(("body", "detail"), [
    (b"{", b"failed to parse given JSON"), (b"\xff", b"failed to parse given JSON"), (b"[]", b"expected a map"),
    (b"[" * 100_000, b"failed to parse given JSON"),
    (rb'{"cluster_name": "\ud800", "spark_version": "16.4.x-scala2.12"}', b"failed to parse given JSON"),
    (b'{"num_workers": NaN}', b"failed to parse given JSON"), (b'{"num_workers": -Infinity}', b"failed to parse"),
    (b'{"num_workers": 1e999}', b"failed to parse given JSON"),
    (b'{"num_workers": 1' + b"0" * 5000, b"failed to parse"),
    (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", b"nested deeper than 100 levels"),
    (b'{"num_workers": 9223372036854775808}', b"num_workers - expected a int"),
    ('{"cluster_name": "\u00fc"}'.encode("utf-16"), b"failed to parse given JSON"),
    (b"\xef\xbb\xbf{}", b"failed to parse"),
])
def test_broken_json_is_malformed(workspace: Workspace, body: bytes, detail: bytes) -> None:
    """A7: 400 MALFORMED_REQUEST."""
    reply = send(workspace, body)
    assert b'"MALFORMED_REQUEST"' in reply
    assert detail in reply


@pytest.mark.parametrize(("body", "said"), [
    (b'{"cluster_id": "a", "cluster_id": "b"}', b"Cluster b does not exist"),
    (rb'{"cluster_id": "\ud83d\udca9"}', "Cluster \N{PILE OF POO} does not exist".encode()),
    (b'{"cluster_id": "a", "more": ' + b"[" * 99 + b"]" * 99 + b"}", b"Cluster a does not exist"),
    (b'{"cluster_id": "a", "also": [], "more": ' + b"[" * 99 + b"1" + b"]" * 99 + b"}", b"Cluster a does not exist"),
    (b'{"cluster_id": "a", "more": [' + b"[]," * 100 + b"0.5]}", b"Cluster a does not exist"),
    (b'{"cluster_id": "a", "more": [' + b"0," * 499_997 + b"0]}", b"Cluster a does not exist"),
    (b"  \n", b"Missing required field: cluster_id"),
], ids=["a key twice", "a whole character", "99 levels", "a value at the deepest", "many lists", "500000 values",
        "nothing"])
def test_json_that_is_only_unusual_is_read(workspace: Workspace, body: bytes, said: bytes) -> None:
    assert said in send(workspace, body, "delete")


def test_array_of_more_values_than_any_request_has_is_refused_before_it_is_read(workspace: Workspace) -> None:
    with pytest.raises(RequestRefusedError, match="more than 500000 values") as refused:
        send(workspace, b'{"a": [' + b"0," * 500_000 + b"0]}")
    assert refused.value.status == 413


def test_fields_of_a_delete_come_in_its_query_or_its_body(workspace: Workspace) -> None:
    for query, body in (({"page_size": ["7"]}, b""), ({}, b'{"page_size": 7}')):
        request = Request("DELETE", "/api/2.1/clusters/list", query=query, body_stream=io.BytesIO(body))
        caller = workspace.state.directory.all(PrincipalKind.USER)[0]
        assert Call(workspace.state, caller, request).fields("clusters/list") == {"page_size": 7}


def test_query_of_a_post_does_not_count(admin: Client) -> None:
    reply = admin.ask("POST", "2.1/clusters/delete", query={"cluster_id": ["a"]})
    assert reply.message == "Missing required field: cluster_id"


def test_unknown_route_is_404_in_json(admin: Client) -> None:
    """A7: ENDPOINT_NOT_FOUND."""
    reply = admin.post("2.1/clusters/dance")
    assert (reply.status, reply.code) == (404, "ENDPOINT_NOT_FOUND")
    assert reply.message == "No API found for 'POST /clusters/dance'"


def test_body_of_a_get_is_merged_into_its_parameters(admin: Client) -> None:
    """A3: a body of a GET counts."""
    cluster_id = admin.create()
    assert admin.ask("GET", "2.1/clusters/get", {"cluster_id": cluster_id}).body["cluster_id"] == cluster_id


@pytest.mark.parametrize("version", ["2.0", "2.1"])
def test_clusters_are_served_in_both_versions(admin: Client, version: str) -> None:
    cluster_id = admin.create()
    assert admin.get(f"{version}/clusters/get", cluster_id=cluster_id).status == 200


def test_success_without_content_is_an_empty_object(admin: Client) -> None:
    """A2: never an empty body."""
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


@pytest.mark.parametrize("body", [b"{}", b'{"url": ""}', b'{"url": null}'])
def test_required_field_that_is_missing_or_empty_is_refused_by_name(workspace: Workspace, body: bytes) -> None:
    request = Request("POST", "/api/2.0/repos", body_stream=io.BytesIO(body))
    call = Call(workspace.state, workspace.state.directory.all(PrincipalKind.USER)[0], request)
    with pytest.raises(ApiError, match="Missing required field: url"):
        call.fields("repos/create", "url", "provider")


def test_route_table_is_read_by_method_and_end_of_the_path() -> None:
    def answer(_: Call) -> dict[str, Any]:
        return {}

    assert routes_below("/api/2.0/token", {"GET list": answer, "PATCH {id}": answer}) == [
        ("GET", "/api/2.0/token/list", answer), ("PATCH", "/api/2.0/token/{id}", answer)]
