from __future__ import annotations

import base64

import pytest

from sandbox.entra.tenant import AZURE_DEVOPS
from steps.lib.azure_devops.connection import checked_url, connect
from steps.lib.azure_devops.credentials import provider_for
from steps.lib.errors import InputError
from tests.steps.bench import Bench
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import PROJECTS, Service, connected

ENTRA = {"ENTRA_TENANT_ID": "t", "ENTRA_CLIENT_ID": "c", "ENTRA_CLIENT_SECRET": "s3cret"}


@pytest.mark.parametrize("url", [
    "https://dev.azure.com/brickline", "https://dev.azure.com/brickline/", "http://127.0.0.1:80/Org",
    "https://brickline.visualstudio.com/", "https://devops.example.com:8443/tfs/DefaultCollection", "http://[::1]:8080/Org",
])
def test_a_good_address_is_taken(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize("url", [
    "http://dev.azure.com/brickline", "dev.azure.com/brickline", "https://dev.azure.com", "https://dev.azure.com/", "",
    "https://visualstudio.com", "https://a.visualstudio.com.evil.test",
    "https://u:p@dev.azure.com/x", "https://dev.azure.com/x?y=1", "https://dev.azure.com/x#y", "https://h.test/{0}",
    "https://dev.azure.com/a b", "ftp://h.test/x", "http://127.0.0.1.example.com/x", "https://h.test/a//b",
    "https://dev.azure.com/x/../y", "https://dev.azure.com/..", "https://dev.azure.com/./x",
])
def test_any_other_address_is_an_input_error(url: str) -> None:
    with pytest.raises(InputError, match="address of the Azure DevOps organization: got"):
        checked_url(url)


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(InputError) as caught:
        checked_url("https://anna:s3cret@dev.azure.com/x")
    assert "got 'https://...@dev.azure.com/x'" in str(caught.value)


def test_a_personal_access_token_goes_as_a_password_and_both_forms_are_secret(
        capsys: pytest.CaptureFixture[str]) -> None:
    service = Service()
    with connected(service) as devops:
        list(devops.pages(PROJECTS))
    sent = {one.headers["Authorization"] for one in service.requests}
    assert sent == {"Basic " + base64.b64encode(b":s3cret").decode()}
    assert [line for line in capsys.readouterr().out.splitlines() if "setsecret" in line] == [
        "##vso[task.setsecret]s3cret", f"##vso[task.setsecret]{base64.b64encode(b':s3cret').decode()}"]


def test_an_entra_token_is_for_azure_devops(bench: Bench) -> None:
    service = Service()
    environ = {name: value for name, value in bench.environ.items() if name.startswith(("ENTRA", "REQUESTS"))}
    with connected(service, None, AZURE_DEVOPS_EXT_PAT="", ENTRA_AUTHORITY=bench.entra.url, **environ) as devops:
        list(devops.pages(PROJECTS))
    scheme, _, token = service.calls[-1].headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    assert bench.tenant.verify(token, AZURE_DEVOPS)["appid"] == bench.principal.client_id


@pytest.mark.parametrize(("environ", "title"), [
    pytest.param(ENTRA, "Entra service principal with client secret", id="entra"),
    pytest.param({"AZURE_DEVOPS_EXT_PAT": "x", "SYSTEM_ACCESSTOKEN": "j"}, "personal access token", id="token"),
    pytest.param({"AZURE_DEVOPS_USE_JOB_TOKEN": "True", "SYSTEM_ACCESSTOKEN": "j"},
                 "access token of the pipeline's job", id="job"),
])
def test_the_provider_is_chosen_by_what_is_set(environ: dict[str, str], title: str) -> None:
    assert provider_for(environ).title == title


@pytest.mark.parametrize("environ", [
    pytest.param({}, id="none"),
    pytest.param({"SYSTEM_ACCESSTOKEN": "j"}, id="the job's token alone"),
    pytest.param({"SYSTEM_ACCESSTOKEN": "j", "AZURE_DEVOPS_USE_JOB_TOKEN": "false"}, id="the job's token switched off"),
    pytest.param({**ENTRA, "AZURE_DEVOPS_EXT_PAT": "x"}, id="two"),
    pytest.param({"AZURE_DEVOPS_USE_JOB_TOKEN": "true"}, id="the job's token is missing"),
    pytest.param({"AZURE_DEVOPS_USE_JOB_TOKEN": "yes", "SYSTEM_ACCESSTOKEN": "j"}, id="no flag"),
])
def test_no_clear_choice_is_an_input_error_that_shows_no_secret(environ: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        provider_for(environ)
    assert "s3cret" not in str(caught.value)


def test_a_wrong_authority_names_its_variable() -> None:
    environ = {**ENTRA, "ENTRA_AUTHORITY": "http://127.0.0.1:1"}
    with pytest.raises(InputError, match=r"^environment: ENTRA_AUTHORITY: .* correct ENTRA_AUTHORITY, or"):
        connect("https://dev.azure.com/brickline", environ, FakeClock()).__enter__()


def test_a_refused_address_is_told_before_any_token_is_asked_for() -> None:
    with pytest.raises(InputError, match="address of the Azure DevOps organization"), connect("nonsense", {}):
        pass
