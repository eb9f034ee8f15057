"""The client against the embedded organization: refusals in the service's words, and every way to sign in."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from sandbox.azure_devops.identities.accounts import Scope
from sandbox.azure_devops.organisation import Organisation
from sandbox.entra.federation import FederatedCredential
from sandbox.entra.tenant import AZURE_DEVOPS, InvalidTokenError
from sandbox.http.message import Request, Response, json_response
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.connection import connect
from tests.sandbox.azure_devops.rest.office import PEOPLE, furnished
from tests.steps.bench import Bench
from tests.steps.fake_clock import FakeClock
from tests.steps.lib.azure_devops.service import PROJECTS

DEFINITIONS = "dbeaf647-6167-421a-bda9-c9327b25e2e6"
ISSUER, SUBJECT = "https://vstoken.dev.azure.com/1", "sc://brickline/analytics/deployer"


@dataclass
class Site:
    organisation: Organisation
    url: str

    def connect(self, token: str) -> AbstractContextManager[AzureDevOps]:
        return connect(self.url, {"AZURE_DEVOPS_EXT_PAT": token}, FakeClock())

    def as_person(self, name: str) -> AbstractContextManager[AzureDevOps]:
        return self.connect(f"{name}s-token")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    organisation, _ = furnished(tmp_path / "organisation")
    with Server(organisation.application) as server:
        organisation.address = server.url
        yield Site(organisation, f"{server.url}/{organisation.names.organisation}")
        organisation.close()


def pipeline(site: Site) -> dict[str, object]:
    site.organisation.home.create_repository("churn")
    record = site.organisation.home.repositories.record("churn")
    assert record is not None
    return {"name": "churn-cluster", "process": {"yamlFilename": "x.yml", "type": 2},
            "repository": {"id": record.id, "name": "churn", "type": "tfsgit", "defaultBranch": "main"},
            "queue": {"id": site.organisation.home.library.queues[0].id}}


def test_a_list_comes_through_the_package_and_as_pages(site: Site) -> None:
    with site.as_person("anna") as devops:
        listed = devops.call(devops.client("core").get_projects, repeatable=True)
        assert [one.name for one in listed] == [row["name"] for row in devops.pages(PROJECTS)] == ["analytics"]


def test_a_token_that_nobody_has_is_not_authenticated(site: Site) -> None:
    with site.connect("stolen") as devops, pytest.raises(errors.NotAuthenticated):
        list(devops.pages(PROJECTS))


def test_an_unknown_project_is_not_found(site: Site) -> None:
    with site.as_person("anna") as devops, pytest.raises(errors.NotFound, match="TF200016"):
        devops.call(devops.client("core").get_project, "nope", repeatable=True)


def test_a_project_out_of_reach_names_what_is_missing(site: Site) -> None:
    other = site.organisation.create_project("other")
    with site.as_person("ben") as devops, pytest.raises(errors.PermissionDenied) as caught:
        devops.call(devops.client("core").get_project, other.name, repeatable=True)
    assert caught.value.permission == "View project-level information"
    assert "other" in caught.value.scope


def test_a_pipeline_that_is_there_is_a_conflict(site: Site) -> None:
    body = pipeline(site)
    with site.as_person("anna") as devops:
        made = devops.send("POST", DEFINITIONS, route={"project": "analytics"}, body=body)
        assert made["process"]["yamlFilename"] == "x.yml"
        with pytest.raises(errors.Conflict):
            devops.send("POST", DEFINITIONS, route={"project": "analytics"}, body=body)


def test_a_missing_permission_names_permission_identity_and_scope(site: Site) -> None:
    with site.as_person("ben") as devops, pytest.raises(errors.PermissionDenied) as caught:
        devops.send("POST", DEFINITIONS, route={"project": "analytics"}, body=pipeline(site))
    assert (caught.value.permission, caught.value.identity) == ("Create build pipeline", "Ben Holm")
    assert caught.value.scope.startswith("the build pipelines in team project analytics")


def test_an_old_revision_is_stale(site: Site) -> None:
    with site.as_person("anna") as devops:
        made = devops.send("POST", DEFINITIONS, route={"project": "analytics"}, body=pipeline(site))
        route = {"project": "analytics", "definitionId": str(made["id"])}
        devops.send("PUT", DEFINITIONS, route=route, body=made)
        with pytest.raises(errors.StaleReference):
            devops.send("PUT", DEFINITIONS, route=route, body=made)


def test_the_token_of_a_job_works_when_it_is_switched_on(site: Site) -> None:
    scope = Scope(site.organisation.home.id, frozenset())
    with site.organisation.accounts.lent(PEOPLE["anna"][0], scope) as token:
        environ = {"AZURE_DEVOPS_USE_JOB_TOKEN": "true", "SYSTEM_ACCESSTOKEN": token}
        with connect(site.url, environ, FakeClock()) as devops:
            assert [row["name"] for row in devops.pages(PROJECTS)] == ["analytics"]


def administrator(bench: Bench, token: str) -> Identity | None:
    """Whom the organization takes the bench's application for."""
    try:
        claims = bench.tenant.verify(token, AZURE_DEVOPS)
    except InvalidTokenError:
        return None
    return PEOPLE["admin"][0] if claims["appid"] == bench.principal.client_id else None


def federated(bench: Bench, pipelines: Server) -> dict[str, str]:
    return {"ENTRA_TENANT_ID": bench.tenant.tenant_id, "ENTRA_CLIENT_ID": bench.principal.client_id,
            "ENTRA_AUTHORITY": bench.entra.url, "REQUESTS_CA_BUNDLE": bench.environ["REQUESTS_CA_BUNDLE"],
            "AZURE_SERVICE_CONNECTION_ID": "22222222-2222-4222-8222-222222222222",
            "SYSTEM_OIDCREQUESTURI": pipelines.url, "SYSTEM_ACCESSTOKEN": "j0b"}


def test_a_service_connection_reaches_the_organization_without_a_stored_secret(site: Site, bench: Bench) -> None:
    def issue(request: Request) -> Response:
        _ = request.body
        return json_response({"oidcToken": bench.tenant.issue_federated_token(ISSUER, SUBJECT)})

    site.organisation.accounts.check_bearer = partial(administrator, bench)
    bench.tenant.add_federated_credential(bench.principal.client_id, FederatedCredential(ISSUER, SUBJECT))
    with Server(issue) as pipelines, connect(site.url, federated(bench, pipelines), FakeClock()) as devops:
        assert [row["name"] for row in devops.pages(PROJECTS)] == ["analytics"]
