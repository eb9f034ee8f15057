"""Service connections through the unmodified client and raw requests."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.models import error_of, model
from tests.sandbox.azure_devops.rest.office import Office

# The package never reads an answer without content, as a DELETE gives it; its socket is left to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
ENDPOINTS = "_apis/serviceendpoint/endpoints"
FEDERATION = {"tenantid": "t", "serviceprincipalid": "p"}


def body(office: Office, name: str = "azure", scheme: str = "WorkloadIdentityFederation", **parameters: str) -> Any:
    project = model("service_endpoint", "ProjectReference", id=office.project.id, name=office.project.name)
    reference = model("service_endpoint", "ServiceEndpointProjectReference", project_reference=project, name=name)
    authorization = model("service_endpoint", "EndpointAuthorization", scheme=scheme,
                          parameters=parameters or FEDERATION)
    return model("service_endpoint", "ServiceEndpoint", name=name, type="azurerm", url="https://management.azure.com/",
                 authorization=authorization, data={"creationMode": "Manual"},
                 service_endpoint_project_references=[reference])


def add(office: Office, name: str = "azure", **rest: str) -> Any:
    return office.client("service_endpoint", "admin").create_service_endpoint(body(office, name, **rest))


def test_federated_connection_tells_whom_to_trust(office: Office) -> None:
    made = add(office)
    assert made.authorization.parameters == {
        **FEDERATION,
        "workloadIdentityFederationIssuer": f"https://vstoken.dev.azure.com/{office.organisation.id}",
        "workloadIdentityFederationSubject": "sc://brickline/analytics/azure"}
    assert (made.is_ready, made.created_by.display_name) == (True, "Ada Min")


def test_secret_of_a_connection_is_never_read_back(office: Office) -> None:
    made = add(office, scheme="ServicePrincipal", serviceprincipalid="p", serviceprincipalkey="s3cret")
    answer = office.send("GET", f"analytics/{ENDPOINTS}/{made.id}", "admin")
    assert answer.json()["authorization"]["parameters"] == {"serviceprincipalid": "p", "serviceprincipalkey": None}
    assert "s3cret" not in answer.text


def test_connections_are_found_by_name(office: Office) -> None:
    for name in ("azure", "azure-2"):
        add(office, name)
    found = office.client("service_endpoint").get_service_endpoints_by_names("analytics", ["AZURE"])
    assert [one.name for one in found] == ["azure"]


def test_connection_that_is_not_there_is_null(office: Office) -> None:
    answer = office.send("GET", f"analytics/{ENDPOINTS}/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.json()) == (200, None)


def test_connection_is_renamed_and_removed(office: Office) -> None:
    made = add(office)
    client = office.client("service_endpoint", "admin")
    changed = client.update_service_endpoint(body(office, "renamed"), made.id)
    assert changed.authorization.parameters["workloadIdentityFederationSubject"].endswith("/renamed")
    client.delete_service_endpoint(made.id, [office.project.id])
    assert office.organisation.endpoints.of(office.project.id) == []


def test_name_that_is_taken_is_refused(office: Office) -> None:
    add(office)
    refused = error_of(office, "POST", ENDPOINTS, json=body(office).serialize())
    assert refused == (409, "DuplicateServiceConnectionException")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_administrators_change_connections(office: Office, method: str) -> None:
    made = add(office)
    path = ENDPOINTS if method == "POST" else f"{ENDPOINTS}/{made.id}"
    refused = error_of(office, method, path, "anna", json=body(office, "x").serialize(),
                       params={"projectIds": office.project.id})
    assert refused == (403, "AccessDeniedException")
    assert [one.names[office.project.id] for one in office.organisation.endpoints.of(office.project.id)] == ["azure"]


def test_pipeline_is_authorised_for_a_connection(office: Office) -> None:
    made = add(office)
    pipeline = office.project.library.add_pipeline("p", "churn", "p.yml")
    path = f"analytics/_apis/pipelines/pipelinePermissions/endpoint/{made.id}"
    office.send("PATCH", path, "admin", json={"pipelines": [{"id": pipeline.id, "authorized": True}]})
    resource = made and office.organisation.endpoints.resource(office.project.id, "azure")
    assert resource is not None
    assert office.project.library.permissions.allows(office.project.id, resource, pipeline.id)
