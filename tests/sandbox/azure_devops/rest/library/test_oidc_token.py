from __future__ import annotations

from typing import Any

import jwt
import pytest

from sandbox.entra.tenant import Tenant
from tests.sandbox.azure_devops.rest.live_job import LiveJob, at_work
from tests.sandbox.azure_devops.rest.plant import Plant

APPROVAL = {"id": "8c6f20a7-a545-4486-9777-f762fafe0d4d", "name": "Approval"}
TASK_CHECK = {"id": "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", "name": "Task Check"}
BRANCHES = {"definitionRef": {"id": "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "name": "evaluatebranchProtection"},
            "displayName": "Branch control",
            "inputs": {"allowedBranches": "refs/heads/release", "ensureProtectionOfBranch": "false",
                       "allowUnknownStatusBranch": "true"}}


@pytest.fixture
def connection(plant: Plant) -> str:
    """The id of a federated service connection that the pipeline may use."""
    organisation = plant.office.organisation
    organisation.issue_token = Tenant().issue_federated_token
    return add(plant, "WorkloadIdentityFederation")


def add(plant: Plant, scheme: str, name: str = "to azure", *, authorised: bool = True) -> str:
    project = plant.office.project
    body = {"name": name, "type": "azurerm", "url": "https://management.azure.com/",
            "authorization": {"scheme": scheme, "parameters": {"tenantid": "t", "serviceprincipalid": "s"}},
            "data": {"environment": "AzureCloud", "creationMode": "Manual"},
            "serviceEndpointProjectReferences": [{"projectReference": {"id": project.id, "name": project.name},
                                                  "name": name}]}
    made = plant.office.send("POST", "_apis/serviceendpoint/endpoints", "admin", json=body).json()
    if authorised:
        resource = plant.office.organisation.resource(project, "endpoint", name)
        assert resource is not None
        project.library.authorise(plant.pipeline, resource)
    return str(made["id"])


def protect(plant: Plant, connection: str, kind: dict[str, str], settings: dict[str, Any]) -> None:
    check = {"type": kind, "settings": settings, "resource": {"type": "endpoint", "id": connection}, "timeout": 10}
    assert plant.office.send("POST", "analytics/_apis/pipelines/checks/configurations", "admin", json=check).ok


def ask(job: LiveJob, connection: str) -> tuple[int, dict[str, Any]]:
    answer = job.send("POST", job.oidc, params={"api-version": "7.1", "serviceConnectionId": connection})
    return answer.status_code, answer.json()


def test_a_job_signs_in_as_its_service_connection(plant: Plant, connection: str) -> None:
    with at_work(plant) as job:
        status, body = ask(job, connection)
    claims = jwt.decode(body["oidcToken"], options={"verify_signature": False})
    assert (status, claims["sub"], claims["aud"]) == (
        200, "sc://brickline/analytics/to azure", "api://AzureADTokenExchange")
    assert claims["iss"] == f"https://vstoken.dev.azure.com/{plant.office.organisation.id}"


def test_without_a_connection_the_token_stands_for_the_pipeline(plant: Plant) -> None:
    asked: list[tuple[str, str]] = []
    plant.office.organisation.issue_token = lambda *given: asked.append(given) or "signed"  # type: ignore[func-returns-value]
    with at_work(plant) as job:
        assert job.send("POST", job.oidc).json() == {"oidcToken": "signed"}
    assert asked[0][1] == "p://brickline/analytics/churn-cluster"


def test_a_connection_with_a_secret_gives_no_token(plant: Plant) -> None:
    secret = add(plant, "ServicePrincipal", "with secret")
    with at_work(plant) as job:
        assert ask(job, secret)[0] == 400


def test_a_connection_the_pipeline_may_not_use_is_as_if_it_were_not_there(plant: Plant) -> None:
    hidden = add(plant, "WorkloadIdentityFederation", "another", authorised=False)
    with at_work(plant) as job:
        answers = [ask(job, one) for one in (hidden, "0" * 8)]
    assert [status for status, _ in answers] == [404, 404]
    assert all("does not exist, has been disabled or has not been authorized" in body["message"]
               for _, body in answers)


@pytest.mark.parametrize(("kind", "settings", "reason"), [
    (TASK_CHECK, BRANCHES, "is at 'refs/heads/main', allowed are refs/heads/release"),
    (APPROVAL, {"approvers": []}, "its approvals and locks are asked for before a stage begins"),
], ids=["branch control", "approval"])
def test_a_check_of_the_connection_holds(plant: Plant, connection: str, kind: dict[str, str],
                                         settings: dict[str, Any], reason: str) -> None:
    protect(plant, connection, kind, settings)
    with at_work(plant) as job:
        status, body = ask(job, connection)
    assert (status, reason in body["message"]) == (403, True)


def test_a_person_gets_no_token_of_a_job(plant: Plant, connection: str) -> None:
    with at_work(plant) as job:
        path = job.oidc.removeprefix(f"{plant.office.url}/")
        answer = plant.office.send("POST", path, "admin", params={"serviceConnectionId": connection})
    assert (answer.status_code, answer.json()["message"][:8]) == (403, "VS30063:")


@pytest.mark.parametrize("part", ["plans", "jobs"])
def test_a_job_gets_no_token_of_another(plant: Plant, connection: str, part: str) -> None:
    with at_work(plant) as job:
        before, _, rest = job.oidc.partition(f"/{part}/")
        other = f"{before}/{part}/00000000-0000-0000-0000-000000000000/{rest.partition('/')[2]}"
        answer = job.send("POST", other, params={"serviceConnectionId": connection})
    assert answer.status_code == 403


def test_nobody_gets_one_when_the_job_is_over(plant: Plant, connection: str) -> None:
    with at_work(plant) as job:
        pass
    assert job.send("POST", job.oidc, params={"serviceConnectionId": connection}).status_code == 401


def test_an_organisation_without_a_tenant_says_so(plant: Plant) -> None:
    with at_work(plant) as job:
        answer = job.send("POST", job.oidc)
    assert (answer.status_code, "no Entra tenant" in answer.json()["message"]) == (400, True)
