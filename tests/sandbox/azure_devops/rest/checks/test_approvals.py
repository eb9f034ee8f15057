"""Approvals over REST, with real runs that wait for them."""
from __future__ import annotations

import threading
from typing import Any

import pytest

from sandbox.azure_devops.checks.check_record import APPROVAL, CheckRecord
from sandbox.azure_devops.projects.library import Environment, resource_of
from sandbox.azure_devops.runs.run_queue import Run
from tests.sandbox.azure_devops.deployer import HELLO
from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import PEOPLE, Office

APPROVALS = "analytics/_apis/pipelines/approvals"
LOCATION = "37794717-f36f-4d78-b2bf-4dc30d0cfbcd"
_SECONDS = 60.0


@pytest.fixture
def run(office: Office) -> Run:
    """Anna's run, which waits for Ben and the administrator."""
    library = office.project.library
    prod = resource_of(library.put_environment(Environment("churn-prod")))
    office.repository("churn", {"deploy.yml": HELLO.encode()})
    pipeline = library.add_pipeline("deploy", "churn", "deploy.yml")
    library.authorise(pipeline, prod)
    settings = {"approvers": [{"id": office.member(one).id} for one in ("ben", "admin")], "instructions": "look twice",
                "requesterCannotBeApprover": True}
    office.organisation.checkpoint.protection.records.add(CheckRecord(office.project.id, prod, APPROVAL, settings, 60))
    made = office.organisation.queue_run(pipeline, "main", PEOPLE["anna"][0])
    assert made is not None
    office.organisation.checkpoint.approvals.await_pending(1, _SECONDS)
    return made


def asked(office: Office, person: str = "ben", **query: str) -> Any:
    return office.send("GET", APPROVALS, person, params=query).json()["value"]


def decide(office: Office, person: str, status: str = "approved") -> Any:
    [waiting] = asked(office)
    body = [{"approvalId": waiting["id"], "status": status, "comment": "fine"}]
    return office.send("PATCH", APPROVALS, person, json=body)


def ended(run: Run, office: Office) -> str:
    assert office.organisation.runs.wait(_SECONDS)
    return run.outcome


def test_waiting_approval_is_listed_with_its_run(office: Office, run: Run) -> None:
    [found] = asked(office, state="pending")
    assert (found["status"], found["minRequiredApprovers"], found["instructions"]) == ("pending", 2, "look twice")
    assert (found["pipeline"]["owner"]["id"], found["pipeline"]["name"]) == (run.id, "deploy")
    assert "steps" not in found
    assert asked(office, state="approved") == []


def test_approval_is_reached_by_the_unmodified_client(office: Office, run: Run) -> None:
    client = office.client("git")
    answer = client._send("GET", LOCATION, "7.1", route_values={"project": "analytics"},
                          query_parameters={"state": "pending"})
    assert answer.json()["value"][0]["pipeline"]["owner"]["id"] == run.id


def test_run_goes_on_when_everybody_approved(office: Office, run: Run) -> None:
    assert decide(office, "ben").json()["value"][0]["status"] == "pending"
    assert decide(office, "admin").json()["value"][0]["status"] == "approved"
    assert ended(run, office) == "succeeded"


def test_one_rejection_ends_the_run(office: Office, run: Run) -> None:
    assert decide(office, "ben", "rejected").json()["value"][0]["status"] == "rejected"
    assert ended(run, office) == "failed"


def test_steps_and_permissions_are_shown_where_asked_for(office: Office, run: Run) -> None:
    decide(office, "ben")
    [found] = asked(office, "admin", **{"$expand": "steps,permissions"})
    shown = [(one["assignedApprover"]["displayName"], one["status"], one.get("comment")) for one in found["steps"]]
    assert (shown, found["permissions"]) == ([("Ben Holm", "approved", "fine"), ("Ada Min", "pending", None)], "update")
    [seen] = asked(office, "anna", **{"$expand": "permissions"})
    assert seen["permissions"] == "view"
    run.cancelled.set()


def test_requester_and_those_not_asked_are_refused(office: Office, run: Run) -> None:
    answer = decide(office, "anna")
    assert (answer.status_code, answer.json()["typeKey"]) == (403, "ApprovalUnauthorizedException")
    assert [one["status"] for one in asked(office)] == ["pending"]
    run.cancelled.set()


def test_approval_that_is_over_is_decided_no_more(office: Office, run: Run) -> None:
    [waiting] = asked(office)
    decide(office, "ben", "rejected")
    body = [{"approvalId": waiting["id"], "status": "approved"}]
    assert error_of(office, "PATCH", APPROVALS, json=body) == (400, "ApprovalAlreadyCompletedException")
    assert ended(run, office) == "failed"


WRONG: list[tuple[Any, int]] = [({}, 400), ([{"status": "approved"}], 400),
                                ([{"approvalId": "x", "status": "approved"}], 404)]


@pytest.mark.parametrize(("body", "status"), WRONG)
def test_update_that_names_no_approval_is_refused(office: Office, body: Any, status: int) -> None:
    assert office.send("PATCH", APPROVALS, json=body).status_code == status


@pytest.mark.parametrize("row", [{"status": "pending"}, {"status": "approved", "deferredTo": "2030-01-01"}])
def test_update_that_is_no_decision_is_refused(office: Office, run: Run, row: dict[str, str]) -> None:
    [waiting] = asked(office)
    assert error_of(office, "PATCH", APPROVALS, json=[{"approvalId": waiting["id"], **row}])[0] == 400
    run.cancelled.set()


def test_approval_of_another_project_is_not_seen(office: Office, run: Run) -> None:
    office.organisation.create_project("other")
    [waiting] = asked(office)
    assert office.send("GET", f"other/_apis/pipelines/approvals/{waiting['id']}", "admin").status_code in (403, 404)
    run.cancelled.set()


def test_two_who_decide_at_once_are_both_heard(office: Office, run: Run) -> None:
    threads = [threading.Thread(target=decide, args=(office, person)) for person in ("ben", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended(run, office) == "succeeded"
