"""Clients that come with TLS are sent nowhere without it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tls import local_tls
from sandbox.http.server import Server
from tests.sandbox.databricks.jobs.bodies import task

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(params=["http", "https"])
def origin(request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path,
           monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    tls = local_tls(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls.ca_file))
    with Server(workspace.application) as server:
        server.also_tls = tls.context
        yield f"{request.param}://localhost:{server.port}"


@pytest.fixture
def ask(origin: str, workspace: Workspace) -> Ask:
    def send(path: str, /, **body: Any) -> dict[str, Any]:
        reply = requests.request("POST" if body else "GET", origin + path, json=body or None, timeout=30,
                                 headers={"Authorization": f"Bearer {workspace.token}"})
        assert reply.ok, reply.text
        data: dict[str, Any] = reply.json()
        return data

    return send


def test_token_endpoint_is_where_the_client_asked(ask: Ask, origin: str) -> None:
    facts = ask("/oidc/.well-known/oauth-authorization-server")
    assert facts["token_endpoint"] == f"{origin}/oidc/v1/token"


def test_pages_of_runs_are_where_the_client_asked(ask: Ask, origin: str) -> None:
    run = ask("/api/2.2/jobs/runs/submit", tasks=[task()])
    assert ask(f"/api/2.2/jobs/runs/get?run_id={run['run_id']}")["run_page_url"].startswith(f"{origin}/?o=")


def test_artifacts_are_where_the_client_asked(ask: Ask, origin: str) -> None:
    experiment = ask("/api/2.0/mlflow/experiments/create", name="/Users/admin@example.test/x")["experiment_id"]
    run_id = ask("/api/2.0/mlflow/runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
    given = ask("/api/2.0/mlflow/artifacts/credentials-for-write", run_id=run_id, path=["a.txt"])
    assert given["credential_infos"][0]["signed_uri"].startswith(f"{origin}/")
