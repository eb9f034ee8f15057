from __future__ import annotations

import pytest

from steps.lib.databricks.credentials import PROVIDERS, token_source
from steps.lib.databricks.workspace import Workspace
from steps.lib.entra.provider import Provider, provider_of
from steps.lib.errors import InputError
from steps.lib.target_environment import TargetEnvironment
from tests.steps.fake_clock import FakeClock

ENTRA = {"ENTRA_TENANT_ID": "t", "ENTRA_CLIENT_ID": "c", "ENTRA_CLIENT_SECRET": "s3cret"}
WORKSPACE = Workspace("data_science", TargetEnvironment.PROD, "https://h.test")


def chosen(environ: dict[str, str]) -> Provider:
    return provider_of(PROVIDERS, environ, "variable group brickline-prod")


@pytest.mark.parametrize(("environ", "title"), [
    pytest.param(ENTRA, "Entra service principal with client secret", id="entra"),
    pytest.param({"DATABRICKS_TOKEN": "dapi1"}, "Databricks personal access token", id="token"),
    pytest.param(ENTRA | {"DATABRICKS_TOKEN": "$(databricksToken)"}, "Entra service principal with client secret",
                 id="undefined token"),
    pytest.param({"ENTRA_TENANT_ID": "t", "ENTRA_CLIENT_ID": "c", "DATABRICKS_TOKEN": "dapi1"},
                 "Databricks personal access token", id="token beside public ids"),
])
def test_the_provider_is_chosen_by_its_secret(environ: dict[str, str], title: str) -> None:
    assert chosen(environ).title == title


@pytest.mark.parametrize("secret", ["", " ", "$(entraClientSecret)"])
def test_a_secret_that_alone_is_missing_is_the_only_one_named(secret: str) -> None:
    with pytest.raises(InputError) as caught:
        chosen({**ENTRA, "ENTRA_CLIENT_SECRET": secret})
    assert [line.split(": ")[1] for line in caught.value.lines] == ["ENTRA_CLIENT_SECRET"]


@pytest.mark.parametrize(("environ", "count"), [
    pytest.param({}, "no credential is set", id="none"),
    pytest.param({"SYSTEM_OIDCREQUESTURI": "https://dev.azure.com/x", "SYSTEM_ACCESSTOKEN": "j"},
                 "no credential is set", id="what the agent sets by itself"),
    pytest.param({"DATABRICKS_TOKEN": "dapi1", "DATABRICKS_CLIENT_SECRET": "s3cret", "ENTRA_PASSWORD": "s3cret"},
                 "3 credentials are set", id="three"),
    pytest.param(ENTRA | {"DATABRICKS_TOKEN": "dapi1"}, "two credentials are set", id="two"),
])
def test_none_or_two_credentials_list_what_each_needs(environ: dict[str, str], count: str) -> None:
    with pytest.raises(InputError, match=count) as caught:
        chosen(environ)
    assert caught.value.lines[0].startswith("variable group brickline-prod: ")
    assert all(f"{provider.title} needs {provider.variables}" in caught.value.lines[0] for provider in PROVIDERS)
    assert "s3cret" not in str(caught.value)
    assert "dapi1" not in str(caught.value)


def test_a_chosen_provider_names_everything_it_misses() -> None:
    with pytest.raises(InputError) as caught:
        chosen({"ENTRA_CLIENT_SECRET": "s", "ENTRA_CLIENT_ID": "$(entraClientId)"})
    assert [line.split(": ")[1] for line in caught.value.lines] == ["ENTRA_CLIENT_ID", "ENTRA_TENANT_ID"]


def test_a_token_is_a_secret_as_soon_as_it_exists(capsys: pytest.CaptureFixture[str]) -> None:
    assert token_source(WORKSPACE, {"DATABRICKS_TOKEN": "dapi1\n"}, FakeClock()).token() == "dapi1"
    assert capsys.readouterr().out == "##vso[task.setsecret]dapi1\n"


@pytest.mark.parametrize("token", ["dapi\n1", "dapi 1", "dapié", "dapi\x00"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(InputError) as caught:
        token_source(WORKSPACE, {"DATABRICKS_TOKEN": token}, FakeClock()).token()
    assert token not in str(caught.value)
    assert "variable group brickline-prod" in str(caught.value)
