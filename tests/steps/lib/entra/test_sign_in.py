from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox.entra.tenant import DATABRICKS
from sandbox.entra.tls import local_tls
from sandbox.http.faults import Fault, Faults
from sandbox.http.server import Server
from steps.lib.clock import Clock
from steps.lib.databricks.credentials import DATABRICKS_SCOPE
from steps.lib.entra import client_secret
from steps.lib.entra.resource import Resource
from steps.lib.entra.sign_in import PATIENCE_SECONDS, entra_token
from steps.lib.errors import InputError, ServiceError, StepError
from tests.steps.bench import ROOT, Bench

GROUP = "variable group brickline-local"


def databricks(authority: str) -> Resource:
    return Resource("Azure Databricks", "https://h.test", DATABRICKS_SCOPE, GROUP, authority,
                    "teams/data_science/workspaces.json", "entra_authority")


def sign_in(resource: Resource, environ: Mapping[str, str], clock: Clock) -> str:
    return entra_token(client_secret.acquire, resource, environ, clock).value


def failure(bench: Bench, **changed: str) -> StepError:
    """The error for the bench's credential with some variables changed; it never shows the secret."""
    environ = bench.environ | changed
    with pytest.raises(StepError) as caught:
        sign_in(databricks(bench.entra.url), environ, bench.clock)
    assert environ["ENTRA_CLIENT_SECRET"] not in str(caught.value)
    return caught.value


def test_the_token_is_for_databricks(bench: Bench) -> None:
    token = sign_in(databricks(bench.entra.url), bench.environ, bench.clock)
    assert bench.tenant.verify(token, DATABRICKS)["appid"] == bench.principal.client_id


def test_a_slash_at_the_end_of_the_authority_does_no_harm(bench: Bench) -> None:
    assert sign_in(databricks(f"{bench.entra.url}/"), bench.environ, bench.clock)


@pytest.mark.parametrize(("changed", "advice"), [
    pytest.param({"ENTRA_CLIENT_SECRET": "wr0ng-secret"}, "store the value of the secret, not its id", id="secret"),
    pytest.param({"ENTRA_CLIENT_ID": "11111111-1111-4111-8111-111111111111"},
                 "the application is not known in this tenant", id="application"),
])
def test_a_refused_credential_says_what_to_change(bench: Bench, changed: dict[str, str], advice: str) -> None:
    error = failure(bench, **changed)
    assert isinstance(error, InputError)
    assert error.lines[0].startswith(f"{GROUP}: Entra gave no token: ")
    assert advice in error.lines[0]
    assert "AADSTS" in error.lines[0]


def test_an_expired_secret_is_told_apart(bench: Bench) -> None:
    bench.tenant.register_application("old", client_id=bench.principal.client_id,
                                      client_secret=bench.principal.client_secret, secret_ends=1.0)
    assert "the client secret has expired" in str(failure(bench))


def test_an_unknown_tenant_is_an_input_error(bench: Bench) -> None:
    error = failure(bench, ENTRA_TENANT_ID="22222222-2222-4222-8222-222222222222")
    assert isinstance(error, InputError)
    assert error.lines[0].startswith("teams/data_science/workspaces.json: entra_authority: ")
    assert f"ENTRA_TENANT_ID in the {GROUP}" in error.lines[0]


@pytest.mark.parametrize("tenant", ["a/b", "../common", "a b", "t?x", "-"])
def test_a_tenant_that_would_change_the_address_is_refused(bench: Bench, tenant: str) -> None:
    assert "expected the GUID or domain name of a tenant" in str(failure(bench, ENTRA_TENANT_ID=tenant))


@pytest.mark.parametrize("authority", ["http://127.0.0.1:1", "https://a..b", "https://h.test:99999", "nonsense", ""])
def test_an_authority_that_cannot_be_is_an_input_error(bench: Bench, authority: str) -> None:
    with pytest.raises(InputError, match="entra_authority"):
        sign_in(databricks(authority), bench.environ, bench.clock)


def test_an_authority_that_is_not_trusted_names_the_ca_bundle(bench: Bench) -> None:
    error = failure(bench, REQUESTS_CA_BUNDLE="")
    assert isinstance(error, ServiceError)
    assert "REQUESTS_CA_BUNDLE must name the CA bundle" in str(error)


def test_an_authority_that_is_down_is_a_service_error(bench: Bench) -> None:
    bench.entra.stop()
    error = failure(bench)
    assert isinstance(error, ServiceError)
    assert f"cannot get a token from {bench.entra.url}/" in str(error)
    assert "Connection refused; check the address" in str(error)


@contextmanager
def troubled(bench: Bench, tmp_path: Path, fault: Fault) -> Iterator[tuple[Resource, dict[str, str]]]:
    """The bench's tenant behind `fault`, as a resource that uses it and an environment that trusts it."""
    tls = local_tls(tmp_path / "tls")
    faults = Faults(bench.tenant.application)
    faults.add(fault)
    with Server(faults, tls=tls.context) as server:
        yield databricks(server.url), bench.environ | {"REQUESTS_CA_BUNDLE": str(tls.ca_file)}


TROUBLES = [
    pytest.param({"status": 429}, id="busy"),
    pytest.param({"status": 500}, id="broken"),
    pytest.param({"status": 503}, id="down"),
    pytest.param({"status": 0}, id="connection lost"),
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_authority_in_lasting_trouble_is_a_service_error(bench: Bench, tmp_path: Path,
                                                            trouble: dict[str, Any]) -> None:
    fault = Fault("*/oauth2/v2.0/token", body=b"{}", times=None, **trouble)
    with troubled(bench, tmp_path, fault) as (where, environ), pytest.raises(ServiceError, match="cannot get a token"):
        sign_in(where, environ, bench.clock)
    assert 5 < bench.clock.seconds <= PATIENCE_SECONDS


@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_authority_in_short_trouble_is_asked_again(bench: Bench, tmp_path: Path, trouble: dict[str, Any]) -> None:
    fault = Fault("*/oauth2/v2.0/token", body=b"{}", times=2, **trouble)
    with troubled(bench, tmp_path, fault) as (where, environ):
        assert sign_in(where, environ, bench.clock)


def test_a_busy_authority_is_left_alone_as_long_as_it_asks(bench: Bench, tmp_path: Path) -> None:
    fault = Fault("*/oauth2/v2.0/token", status=429, headers={"Retry-After": "9"})
    with troubled(bench, tmp_path, fault) as (where, environ):
        sign_in(where, environ, bench.clock)
    assert bench.clock.slept == [9]


def test_a_page_of_a_proxy_in_place_of_a_token_is_an_input_error(bench: Bench, tmp_path: Path) -> None:
    fault = Fault("*/oauth2/v2.0/token", status=200, body=b"<html>##vso[task.complete]</html>")
    with troubled(bench, tmp_path, fault) as (where, environ), pytest.raises(InputError, match="entra_authority"):
        sign_in(where, environ, bench.clock)


def test_msal_never_prints_a_reply_by_itself(bench: Bench, tmp_path: Path) -> None:
    fault = Fault("*/oauth2/v2.0/token", status=200, body=b"<html>##vso[task.complete]</html>")
    code = ("import os, sys; from steps.lib import agent; from steps.create_or_edit_cluster import step; "
            "sys.exit(agent.run(step, os.environ))")
    bench.want_cluster()
    with troubled(bench, tmp_path, fault) as (where, environ):
        file = bench.folder / "teams/data_science/workspaces.json"
        file.write_text(file.read_text().replace(bench.entra.url, where.authority))
        done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=ROOT,
                              capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (done.stderr, "##vso[task.complete" in done.stdout) == ("", False)
