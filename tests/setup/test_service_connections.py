"""A service connection in place of a stored secret is guarded, and opened to single pipelines, as a group is."""
from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.azure_devops.projects.resources import Resource
from setup import check_access, create_pipelines
from tests.setup.bench import SetupBench


@pytest.fixture
def connection(bench: SetupBench) -> str:
    """The id of a service connection for prod."""
    reference = {"id": bench.analytics.id, "name": bench.analytics.name}
    body = {
        "name": "brickline-prod", "type": "azurerm", "url": "https://management.azure.com/",
        "authorization": {"scheme": "WorkloadIdentityFederation",
                          "parameters": {"tenantid": "t", "serviceprincipalid": "s"}},
        "data": {"environment": "AzureCloud", "scopeLevel": "Subscription", "subscriptionId": "s",
                 "subscriptionName": "s", "creationMode": "Manual"},
        "serviceEndpointProjectReferences": [{"name": "brickline-prod", "projectReference": reference}]}
    made = requests.post(f"{bench.url}/_apis/serviceendpoint/endpoints?api-version=7.1", json=body, timeout=30,
                         auth=("", "admins-token"))
    made.raise_for_status()
    return str(made.json()["id"])


def with_connection(bench: SetupBench, number: str, *flags: str) -> int:
    credentials: dict[str, Any] = {
        name: {"client_id": f"aaaaaaaa-0000-0000-0000-00000000000{at}"}
        for at, name in enumerate(("local", "dev", "test", "prod", "setup"), start=1)}
    credentials["prod"]["service_connection_id"] = number
    return bench.bootstrap(*flags, credentials=credentials)


def users(bench: SetupBench, resource: Resource) -> set[str]:
    known = bench.analytics.library.permissions.of(bench.analytics.id, resource)
    return {one.name for one in bench.analytics.library.pipelines if one.id in known.pipelines}


def test_it_is_guarded_by_the_required_template_and_not_open_to_everyone(bench: SetupBench, connection: str) -> None:
    resource = Resource("endpoint", connection)
    bench.analytics.library.permissions.open(bench.analytics.id, resource)
    assert with_connection(bench, connection) == 0
    checks = bench.organisation.checkpoint.protection.of(resource)
    assert [type(one).__name__ for one in checks] == ["RequiredTemplate"]
    assert not bench.analytics.library.permissions.of(bench.analytics.id, resource).everyone


def test_its_group_stores_no_secret(bench: SetupBench, connection: str) -> None:
    assert with_connection(bench, connection) == 0
    variables = bench.analytics.library.groups["brickline-prod"].variables
    assert variables["azureServiceConnectionId"].value == connection
    assert "entraClientSecret" not in variables


def test_only_the_jobs_pipeline_may_use_it(bench: SetupBench, connection: str) -> None:
    bench.repository(files={"README.md": b"churn\n"})
    assert with_connection(bench, connection) == 0
    assert bench.run(check_access.step, COPY_FILES="False", CREATE_PIPELINES="True") == 0
    assert bench.run(create_pipelines.step) == 0
    assert users(bench, Resource("endpoint", connection)) == {"churn-jobs"}
    bench.organisation.log.clear()
    assert bench.run(create_pipelines.step) == 0
    assert bench.writes() == []


def test_again_there_is_nothing_to_do(bench: SetupBench, connection: str,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    assert with_connection(bench, connection) == 0
    bench.organisation.log.clear()
    capsys.readouterr()
    assert with_connection(bench, connection) == 0
    assert "analytics: service connection of brickline-prod: there, and guarded" in capsys.readouterr().out
    assert bench.writes() == []


def test_one_that_is_missing_is_left_to_a_person(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert with_connection(bench, "cccccccc-0000-0000-0000-000000000004", "--plan") == 0
    out = capsys.readouterr().out
    assert "cccccccc-0000-0000-0000-000000000004 is missing or hidden" in out
    assert "by hand: create it: Project settings > Service connections" in out
