"""The OAuth sign-in of Databricks itself, against a live server that answers like a workspace."""
from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest

from sandbox.http.message import ConnectionDroppedError, Request, Response, json_response, text_response
from sandbox.http.server import Server
from steps.lib.databricks.connection import connect
from steps.lib.databricks.oauth import PATIENCE_SECONDS
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError, ServiceError
from steps.lib.target_environment import TargetEnvironment
from tests.steps.fake_clock import FakeClock

ENVIRON = {"DATABRICKS_CLIENT_ID": "c1", "DATABRICKS_CLIENT_SECRET": "s3cret"}
GOOD = json_response({"access_token": "t0ken", "expires_in": 3600, "token_type": "Bearer", "scope": "all-apis"})


@dataclass
class Workspaces:
    replies: list[Response | None] = field(default_factory=lambda: [GOOD])
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        _ = request.body
        self.requests.append(request)
        if request.path != "/oidc/v1/token":
            return json_response({})
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply is None:
            raise ConnectionDroppedError
        return reply


@contextmanager
def connected(service: Workspaces, clock: FakeClock) -> Iterator[Workspaces]:
    with Server(service) as server:
        workspace = Workspace("data_science", TargetEnvironment.LOCAL, server.url)
        with connect(workspace, ENVIRON, clock) as databricks:
            databricks.get("/api/2.0/clusters/list")
            yield service


def test_the_principal_asks_the_workspace_for_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    with connected(Workspaces(), FakeClock()) as service:
        first, last = service.requests
    assert parse_qs(first.body.decode()) == {"grant_type": ["client_credentials"], "scope": ["all-apis"]}
    assert first.headers["Authorization"] == "Basic " + base64.b64encode(b"c1:s3cret").decode()
    assert last.headers["Authorization"] == "Bearer t0ken"
    assert "##vso[task.setsecret]t0ken" in capsys.readouterr().out


@pytest.mark.parametrize("trouble", [Response(429), Response(503), None], ids=["busy", "down", "lost"])
def test_short_trouble_is_waited_for(trouble: Response | None) -> None:
    with connected(Workspaces([trouble, trouble, GOOD]), FakeClock()) as service:
        assert len(service.requests) == 4


def test_a_busy_workspace_is_left_alone_as_long_as_it_asks() -> None:
    clock = FakeClock()
    with connected(Workspaces([Response(429, headers={"Retry-After": "9"}), GOOD]), clock):
        assert clock.slept == [9]


@pytest.mark.parametrize("trouble", [Response(503), None], ids=["down", "lost"])
def test_lasting_trouble_is_a_service_error(trouble: Response | None) -> None:
    clock = FakeClock()
    with pytest.raises(ServiceError, match=r"data_science/workspaces\.json: cannot get a token"), connected(
            Workspaces([trouble]), clock):
        pass
    assert 5 < clock.seconds <= PATIENCE_SECONDS


@pytest.mark.parametrize(("reply", "expected"), [
    pytest.param(json_response({"error": "invalid_client", "error_description": "Client authentication failed"}, 401),
                 "variable group brickline-local: .*correct DATABRICKS_CLIENT_ID.*401 'Client authentication failed'",
                 id="refused"),
    pytest.param(text_response("", 302, {"Location": "https://evil.test"}), "gave no token", id="redirect"),
    pytest.param(text_response("<html>"), "is no Databricks workspace", id="page"),
    pytest.param(json_response([1]), "is no Databricks workspace", id="list"),
    pytest.param(json_response({}), "is no Databricks workspace", id="no token"),
])
def test_no_token_is_an_input_error_without_the_secret(reply: Response, expected: str) -> None:
    with pytest.raises(InputError, match=expected) as caught, connected(Workspaces([reply]), FakeClock()):
        pass
    assert "s3cret" not in str(caught.value)
