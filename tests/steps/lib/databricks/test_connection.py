from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from requests_mock import Mocker

from sandbox.entra.tenant import AZURE_DEVOPS
from steps.lib.databricks.connection import checked_host, connect
from steps.lib.databricks.errors import CredentialRefused, Unreachable
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.target_environment import TargetEnvironment
from tests.steps.bench import ROOT, Bench

ME = "/api/2.0/preview/scim/v2/Me"


def workspace(host: str, authority: str = "https://login.test") -> Workspace:
    return Workspace("data_science", TargetEnvironment.LOCAL, host, authority)


@pytest.mark.parametrize("host", [
    "https://adb-1111111111111111.1.azuredatabricks.net", "https://localhost:8443", "http://127.0.0.1:80",
    "http://[::1]:8080", "https://h.test/",
])
def test_a_good_host_is_taken(host: str) -> None:
    assert checked_host(workspace(host)) == host.rstrip("/")


@pytest.mark.parametrize("host", [
    "http://adb-1.1.azuredatabricks.net", "adb-1.1.azuredatabricks.net", "https://h.test/?o=1", "https://u:p@h.test",
    "ftp://h.test", "https://", "", "https://h.test#x", "https://h test", "http://127.0.0.1.example.com",
    "https://h.test\n", "https://h.test:",
    "https://a..b", f"https://{'a' * 64}.test", "https://h.test:99999", "https://-h.test",
])
def test_any_other_host_names_the_file_to_edit(host: str) -> None:
    with pytest.raises(InputError, match=r"teams/data_science/workspaces\.json: local\.host: got"):
        checked_host(workspace(host))


def test_a_password_in_a_host_is_not_shown() -> None:
    with pytest.raises(InputError, match=r"got 'https://\.\.\.@h\.test'"):
        checked_host(workspace("https://anna:s3cret@h.test"))


def test_the_service_principal_is_known_to_the_workspace(bench: Bench) -> None:
    with connect(workspace(bench.server.url, bench.entra.url), bench.environ, bench.clock) as databricks:
        assert databricks.get(ME)["userName"] == bench.principal.client_id


def test_a_netrc_of_the_agent_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         requests_mock: Mocker) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine h.test login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    requests_mock.get(f"https://h.test{ME}", json={})
    with connect(workspace("https://h.test"), {"DATABRICKS_TOKEN": "dapi1"}) as databricks:
        databricks.get(ME)
    assert requests_mock.request_history[0].headers["Authorization"] == "Bearer dapi1"


def by_token(bench: Bench, token: str) -> dict[str, str]:
    return bench.environ | {"ENTRA_CLIENT_SECRET": "", "DATABRICKS_TOKEN": token}


def test_a_token_for_another_resource_is_refused_with_advice(bench: Bench) -> None:
    token = bench.tenant.sign(AZURE_DEVOPS, appid=bench.principal.client_id)
    with pytest.raises(CredentialRefused) as caught, connect(workspace(bench.server.url), by_token(bench, token),
                                                             bench.clock) as databricks:
        databricks.get(ME)
    assert caught.value.exit_code == 2
    assert "check that the credential is the one of this environment" in str(caught.value)
    assert token not in str(caught.value)


def test_a_principal_that_is_no_member_is_refused(bench: Bench) -> None:
    stranger = bench.tenant.register_application("stranger")
    environ = bench.environ | {"ENTRA_CLIENT_ID": stranger.client_id, "ENTRA_CLIENT_SECRET": stranger.client_secret}
    with pytest.raises(CredentialRefused, match="not a member"), connect(
            workspace(bench.server.url, bench.entra.url), environ, bench.clock) as databricks:
        databricks.get(ME)


def test_an_unreachable_host_names_host_and_file(bench: Bench) -> None:
    bench.server.stop()
    with pytest.raises(Unreachable) as caught, connect(workspace(bench.server.url), by_token(bench, "dapi1"),
                                                       bench.clock) as databricks:
        databricks.get(ME)
    assert bench.server.url in str(caught.value)
    assert "check the host in teams/data_science/workspaces.json" in str(caught.value)


def test_a_token_needs_no_msal_and_no_schema_library() -> None:
    code = ("import sys; import steps.create_or_edit_cluster, steps.set_cluster_permissions, steps.install_libraries; "
            "print(sorted({'msal', 'jsonschema', 'azure', 'yaml', 'jwt'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
