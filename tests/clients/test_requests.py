"""H: direct requests meet every shape of error that the contract of the service knows, with its status."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.http.faults import Fault

CLUSTER = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
JSON = "Invalid JSON given in the body of the request - "


@dataclass(frozen=True)
class Caller:
    """Sends with its token to `host`; `path` begins behind `/api/`."""

    session: requests.Session
    host: str

    def send(self, method: str, path: str, **rest: Any) -> requests.Response:
        return self.session.request(method, f"{self.host}/api/{path}", timeout=10, **rest)


def caller(host: str, token: str) -> Iterator[Caller]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        yield Caller(session, host)


@pytest.fixture
def admin(workspace: Workspace, host: str) -> Iterator[Caller]:
    yield from caller(host, workspace.token)


@pytest.fixture
def stranger(workspace: Workspace, host: str) -> Iterator[Caller]:
    """A member without any right."""
    workspace.add_user("stranger@example.test")
    yield from caller(host, workspace.add_token("stranger@example.test"))


NAMED = [
    ("POST", "2.0/nothing", {}, 404, "ENDPOINT_NOT_FOUND", "No API found for 'POST /nothing'"),
    ("POST", "2.1/clusters/create", {"data": "{"}, 400, "MALFORMED_REQUEST", f"{JSON}failed to parse given JSON"),
    ("POST", "2.1/clusters/create", {"data": "[]"}, 400, "MALFORMED_REQUEST", f"{JSON}expected a map"),
    ("GET", "2.1/clusters/get?cluster_id=0101-000000-none", {}, 400, "INVALID_PARAMETER_VALUE", "does not exist"),
    ("GET", "2.2/jobs/get?job_id=1", {}, 400, "INVALID_PARAMETER_VALUE", "Job 1 does not exist."),
    ("GET", "2.2/jobs/runs/get?run_id=1", {}, 400, "INVALID_PARAMETER_VALUE", "Run 1 does not exist."),
    ("POST", "2.1/clusters/create", {"json": {**CLUSTER, "node_type_id": "Big"}}, 400, "INVALID_PARAMETER_VALUE",
     "Node type Big is not supported. Supported node types: "),
    ("GET", "2.0/workspace/get-status?path=/x", {}, 404, "RESOURCE_DOES_NOT_EXIST", "Path (/x) doesn't exist."),
    ("GET", "2.0/repos/1", {}, 404, "RESOURCE_DOES_NOT_EXIST", "Repo could not be found"),
    ("GET", "2.0/permissions/nothing/1", {}, 400, "INVALID_PARAMETER_VALUE", "request_object_type is not recognized"),
]


@pytest.mark.parametrize(("method", "path", "rest", "status", "code", "words"), NAMED,
                         ids=[f"{row[1].partition('?')[0]}-{row[4]}" for row in NAMED])
def test_errors_have_a_code_and_a_message(
        admin: Caller, method: str, path: str, rest: dict[str, Any], status: int, code: str, words: str) -> None:
    """H, A7: the normal shape, B-F: the codes of what is not there."""
    reply = admin.send(method, path, **rest)
    assert (reply.status_code, reply.json()["error_code"]) == (status, code)
    assert words in reply.json()["message"]


@pytest.mark.parametrize("header", ["", "Bearer dapi0", "Basic YTpi", "Bearer \x7f\xff"])
def test_a_bad_token_is_refused_with_a_number(admin: Caller, header: str) -> None:
    """A8: `error_code` is a number here, and a header repeats the reason."""
    admin.session.headers["Authorization"] = header
    reply = admin.send("GET", "2.1/clusters/list")
    assert (reply.status_code, reply.json()["error_code"]) == (403, 403)
    assert reply.headers["X-Databricks-Reason-Phrase"] == reply.json()["message"]


@pytest.mark.parametrize("path", ["2.2/jobs/get?job_id=1", "2.0/permissions/jobs/1"])
def test_a_stranger_does_not_learn_whether_a_job_is_there(stranger: Caller, path: str) -> None:
    """D8: permission is looked at before existence."""
    reply = stranger.send("GET", path)
    assert (reply.status_code, reply.json()["error_code"]) == (403, "PERMISSION_DENIED")


def test_a_cluster_of_others_is_refused_by_name(stranger: Caller, workspace: Workspace) -> None:
    """B15: who lacks which permission on what."""
    hidden = workspace.add_foreign_clusters(1, visible=False)[0]
    reply = stranger.send("POST", "2.1/clusters/start", json={"cluster_id": hidden})
    assert (reply.status_code, reply.json()["error_code"]) == (403, "PERMISSION_DENIED")
    assert reply.json()["message"].startswith("stranger@example.test does not have ")


def test_scim_answers_in_its_own_shape(admin: Caller) -> None:
    """G2: status as text, no error_code."""
    reply = admin.send("GET", "2.0/preview/scim/v2/Users/1")
    body = reply.json()
    assert (reply.status_code, body["status"], body["schemas"]) == (
        404, "404", ["urn:ietf:params:scim:api:messages:2.0:Error"])
    assert "error_code" not in body
    assert body["detail"]


def test_command_contexts_answer_in_their_own_shape(admin: Caller) -> None:
    """H: the shape of 1.2."""
    reply = admin.send("POST", "1.2/contexts/create", json={"clusterId": "0101-000000-none", "language": "python"})
    assert reply.status_code >= 400
    assert list(reply.json()) == ["error"]


def test_a_path_that_climbs_is_refused_in_plain_text(admin: Caller) -> None:
    """F7: 400 and no JSON."""
    reply = admin.send("GET", "2.0/workspace/get-status?path=/Shared/../x")
    assert (reply.status_code, reply.text) == (400, "Invalid request path")


def test_a_full_workspace_takes_no_more_jobs(admin: Caller, workspace: Workspace) -> None:
    """H: QUOTA_EXCEEDED."""
    workspace.state.jobs.quota = 0
    reply = admin.send("POST", "2.2/jobs/create", json={"name": "a"})
    assert (reply.status_code, reply.json()["error_code"]) == (400, "QUOTA_EXCEEDED")


def test_throttling_is_told_with_a_code(admin: Caller, workspace: Workspace) -> None:
    """A11: as many as were set, with or without a time to come back."""
    body = b'{"error_code": "REQUEST_LIMIT_EXCEEDED", "message": "Too many"}'
    workspace.faults.add(Fault("/api/2.1/clusters/list", status=429, body=body, headers={"Retry-After": "1"}))
    first, second = (admin.send("GET", "2.1/clusters/list") for _ in range(2))
    assert (first.status_code, first.headers["Retry-After"]) == (429, "1")
    assert (second.status_code, second.json().get("clusters", [])) == (200, [])
