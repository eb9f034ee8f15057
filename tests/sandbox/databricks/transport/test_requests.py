"""What clients send and expect below the level of any API, over a real socket."""
from __future__ import annotations

import json

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.http.faults import Fault
from sandbox.http.forward_proxy import ForwardProxy
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import SPEC, Client
from tests.sandbox.databricks.transport.conftest import Ask, raw


def test_request_line_in_absolute_form_reaches_the_workspace(server: Server, workspace: Workspace) -> None:
    """A1: as sent through HTTP_PROXY, whatever host it names."""
    answer = raw(server, workspace, "GET http://127.0.0.9/api/2.0/clusters/spark-versions HTTP/1.1")
    assert (answer[:15], b'"versions"' in answer) == (b"HTTP/1.1 200 OK", True)


def test_client_without_ports_lists_clusters_on_port_80(workspace: Workspace) -> None:
    """A1: databricks-cli drops the port from its host, so that only 80 reaches anything."""
    try:
        server = Server(workspace.application, host="127.81.9.6", port=80)
    except OSError as error:
        pytest.skip(f"port 80 can not be bound here: {error}")
    with server:
        reply = requests.get("http://127.81.9.6/api/2.0/clusters/list", timeout=30,
                             headers={"Authorization": f"Bearer {workspace.token}"})
    assert reply.status_code == 200


def test_client_without_ports_lists_clusters_through_a_proxy(workspace: Workspace, admin: Client) -> None:
    """A1: the same with HTTP_PROXY, where no port 80 is to be had."""
    cluster_id = admin.create()
    with Server(ForwardProxy({"dev.databricks.test": workspace.application})) as proxy:
        reply = requests.get("http://dev.databricks.test/api/2.0/clusters/list", timeout=30,
                             proxies={"http": proxy.url}, headers={"Authorization": f"Bearer {workspace.token}"})
    assert [row["cluster_id"] for row in reply.json()["clusters"]] == [cluster_id]


def test_success_without_content_has_a_body_that_json_knows(ask: Ask, admin: Client) -> None:
    """A2: databricks-cli reads every success as JSON."""
    reply = ask("POST", "/api/2.1/clusters/delete", json={"cluster_id": admin.create()})
    assert (reply.status_code, reply.content) == (200, b"{}")


def test_body_of_a_get_filters(ask: Ask, admin: Client) -> None:
    """A3: dbx sends the name of the job as the body of a GET."""
    for name in ("a", "b"):
        assert admin.post("2.1/jobs/create", name=name).status == 200
    reply = ask("GET", "/api/2.1/jobs/list", data=json.dumps({"name": "b"}))
    assert [job["settings"]["name"] for job in reply.json()["jobs"]] == ["b"]


@pytest.mark.parametrize(("text", "found"), [("True", 1), ("true", 1), ("TRUE", 1), ("False", 0), ("false", 0)])
def test_booleans_of_a_query_come_in_any_case(ask: Ask, admin: Client, text: str, found: int) -> None:
    """A4: the SDK capitalises nested booleans as Python does."""
    admin.post("2.1/clusters/pin", cluster_id=admin.create())
    reply = ask("GET", f"/api/2.1/clusters/list?filter_by.is_pinned={text}")
    assert len(reply.json().get("clusters", [])) == found


@pytest.mark.parametrize(("states", "found"), [
    (["RUNNING"], 1), (["TERMINATED"], 1), (["RUNNING", "TERMINATED"], 2), (["TERMINATED", "RUNNING"], 2),
    (["ERROR"], 0),
])
def test_dotted_and_repeated_keys_of_a_query_all_count(
        ask: Ask, admin: Client, states: list[str], found: int) -> None:
    """A5: `filter_by.cluster_states=A&filter_by.cluster_states=B` asks for both."""
    admin.create_running()
    admin.create_terminated()
    reply = ask("GET", "/api/2.1/clusters/list", params=[("filter_by.cluster_states", state) for state in states])
    assert len(reply.json().get("clusters", [])) == found


@pytest.mark.parametrize("kind", ["text/json", "application/json", "text/plain", "application/x", "nonsense"])
def test_any_content_type_is_read_as_json(ask: Ask, kind: str) -> None:
    """A6: databricks-cli sends `text/json`."""
    reply = ask("POST", "/api/2.0/clusters/create", data=json.dumps(SPEC), headers={"Content-Type": kind})
    assert (reply.status_code, "cluster_id" in reply.json()) == (200, True)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/api/2.1/clusters/dance", "/", "/api/9.9/x%2Fy", "/api/2.1/CLUSTERS/list"])
def test_unknown_route_is_404_in_json_for_any_method(ask: Ask, method: str, path: str) -> None:
    """A7: ENDPOINT_NOT_FOUND, and no page for browsers."""
    reply = ask(method, path)
    assert (reply.status_code, reply.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


def test_known_path_asked_with_another_method_is_unknown(ask: Ask) -> None:
    """A7: the method is part of the route."""
    reply = ask("PUT", "/api/2.1/clusters/create", json=SPEC)
    assert reply.json()["message"] == "No API found for 'PUT /clusters/create'"
    assert ask("HEAD", "/api/2.1/clusters/list").status_code == 404


def test_unknown_route_is_told_at_once_and_marked_in_the_log(ask: Ask, workspace: Workspace) -> None:
    """A7: somebody has to see that a client wants something that the sandbox does not know."""
    told: list[tuple[str, str, str]] = []
    workspace.log.on_unknown = lambda entry: told.append((entry.method, entry.path, entry.who))
    ask("GET", "/api/2.1/clusters/list")
    ask("GET", "/.well-known/nothing")
    ask("POST", "/api/2.1/clusters/dance")
    assert told[1:] == [("POST", "/api/2.1/clusters/dance", "admin@example.test")]
    assert [entry.path for entry in workspace.log.unknown()] == ["/.well-known/nothing", "/api/2.1/clusters/dance"]


@pytest.mark.parametrize("body", [b"{", b"{'a': 1}", b"\xff", b'{"a": NaN}', b"{}{}"], ids=repr)
def test_broken_json_is_400_malformed_request(ask: Ask, body: bytes) -> None:
    """A7: and not a page, nor a 500."""
    reply = ask("POST", "/api/2.1/clusters/create", data=body)
    assert (reply.status_code, reply.json()["error_code"]) == (400, "MALFORMED_REQUEST")


def test_ids_of_jobs_and_runs_are_numbers_that_no_float_holds(ask: Ask, admin: Client) -> None:
    """A9: a client that goes through floats breaks on them."""
    job_id = admin.post("2.2/jobs/create", name="a").body["job_id"]
    assert isinstance(job_id, int)
    assert job_id > 2**53
    assert any(int(float(job_id + more)) != job_id + more for more in (0, 1, 2))
    assert ask("GET", f"/api/2.2/jobs/get?job_id={job_id}").json()["job_id"] == job_id


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["1", ""], ids=["with Retry-After", "without"])
def test_route_fails_as_often_as_told_and_no_other_does(
        ask: Ask, workspace: Workspace, status: int, after: str) -> None:
    """A11: 429 and 503 on one route, n times, with and without Retry-After."""
    headers = {"Retry-After": after} if after else {}
    workspace.faults.add(Fault("/api/2.1/clusters/list", status=status, headers=headers, times=2))
    assert ask("GET", "/api/2.1/clusters/list-node-types").status_code == 200
    replies = [ask("GET", "/api/2.1/clusters/list") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [status, status, 200]
    assert [reply.headers.get("Retry-After", "") for reply in replies] == [after, after, ""]


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_reply_is_lost_before_or_after_the_work_was_done(ask: Ask, workspace: Workspace, when: str, made: int) -> None:
    """A11: after a lost reply the cluster is there, and nobody knows its id."""
    workspace.faults.add(Fault("/api/2.1/clusters/create", status=0, when=when))  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        ask("POST", "/api/2.1/clusters/create", json=SPEC)
    assert len(ask("GET", "/api/2.1/clusters/list").json().get("clusters", [])) == made
