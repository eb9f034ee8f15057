from __future__ import annotations

import importlib
from typing import Any

import pytest
import requests

from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.security.defaults import ADMINISTRATORS, CONTRIBUTORS
from sandbox.http.faults import Fault
from tests.sandbox.azure_devops.rest.office import Office

AGILE = {"versioncontrol": {"sourceControlType": "Git"},
         "processTemplate": {"templateTypeId": "adcc42ab-9882-485e-a3ed-7678f01f66bc"}}


def create(office: Office, name: str = "Sales & More", person: str = "admin", **fields: Any) -> Any:
    body = {"name": name, "capabilities": AGILE, **fields}
    return office.send("POST", "_apis/projects", person, json=body)


def delete(office: Office, name: str, person: str = "admin") -> Any:
    return office.send("DELETE", f"_apis/projects/{name}", person)


def test_client_finds_the_project(office: Office) -> None:
    [project] = office.client("core").get_projects()
    assert project.name == office.project.name


def test_unknown_project_is_named(office: Office) -> None:
    answer = office.send("GET", "_apis/projects/nothing")
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "ProjectDoesNotExistWithNameException")


def test_client_makes_a_project_and_asks_until_it_is_there(office: Office) -> None:
    core = office.client("core", "admin")
    models = importlib.import_module("azure.devops.v7_1.core.models")
    queued = core.queue_create_project(models.TeamProject(name="sales", description="d", capabilities=AGILE))
    assert queued.status == "queued"
    assert office.client("operations", "admin").get_operation(queued.id).status == "succeeded"
    made = core.get_project("sales")
    assert (made.name, made.description, made.state) == ("sales", "d", "wellFormed")


def test_a_new_project_has_a_repository_and_its_creator_as_administrator(office: Office) -> None:
    assert create(office).status_code == 202
    project = office.organisation.project("sales & more")
    assert project is not None
    assert list(project.repositories) == ["Sales & More"]
    group = office.organisation.directory.find(f"[Sales & More]\\{ADMINISTRATORS}")
    assert group is not None
    assert office.organisation.directory.members_of(group) == [office.member("admin")]


@pytest.mark.parametrize("person", ["anna", "ben"])
def test_only_administrators_make_or_delete_projects(office: Office, person: str) -> None:
    assert create(office, person=person).status_code == 403
    assert delete(office, "analytics", person).status_code == 403
    assert [one.name for one in office.organisation.projects()] == ["analytics"]


def test_a_name_is_given_once_in_whatever_case(office: Office) -> None:
    answer = create(office, "ANALYTICS")
    assert (answer.status_code, answer.json()["typeKey"]) == (409, "ProjectAlreadyExistsException")
    assert answer.json()["message"].startswith("TF200019: The following project already exists")


@pytest.mark.parametrize("name", ["", " ", "_x", ".x", "x.", "a/b", "a\\b", "a:b", "a#b", "x" * 65, "a\nb", "..", 5])
def test_a_name_that_the_service_does_not_take_is_refused(office: Office, name: Any) -> None:
    assert create(office, name).status_code == 400
    assert len(office.organisation.projects()) == 1


@pytest.mark.parametrize("fields", [
    {"capabilities": None}, {"capabilities": {"versioncontrol": {"sourceControlType": "Git"}}},
    {"capabilities": {**AGILE, "versioncontrol": {"sourceControlType": "Tfvc"}}}, {"visibility": "public"},
], ids=["none", "no process", "tfvc", "public"])
def test_what_a_project_can_do_has_to_be_said(office: Office, fields: dict[str, Any]) -> None:
    assert create(office, **fields).status_code == 400


def test_a_deleted_project_is_gone_with_all_that_is_in_it(office: Office) -> None:
    create(office, "sales")
    answer = delete(office, "sales")
    assert answer.status_code == 202
    number = answer.json()["id"]
    assert office.send("GET", f"_apis/operations/{number}").json()["status"] == "succeeded"
    assert office.send("GET", "_apis/projects/sales", "admin").status_code == 404
    assert office.send("GET", "sales/_apis/git/repositories", "admin").status_code == 404
    assert [row["name"] for row in office.send("GET", "_apis/projects").json()["value"]] == ["analytics"]


def test_a_project_of_a_deleted_ones_name_inherits_nothing(office: Office) -> None:
    create(office, "sales")
    first = office.organisation.project("sales")
    contributors = office.organisation.directory.find(f"[sales]\\{CONTRIBUTORS}")
    assert first is not None
    assert contributors is not None
    office.organisation.directory.join(office.member("anna"), contributors)
    assert office.send("GET", "_apis/projects/sales", "anna").status_code == 200
    delete(office, "sales")
    assert create(office, "sales").status_code == 202
    second = office.organisation.project("sales")
    assert second is not None
    assert second.id != first.id
    assert office.send("GET", "_apis/projects/sales", "anna").status_code == 403
    assert office.send("GET", "_apis/projects/sales", "admin").status_code == 200


def test_projects_and_operations_outlive_a_restart(office: Office) -> None:
    number = create(office, "sales").json()["id"]
    create(office, "other")
    delete(office, "other")
    again = Organisation(office.organisation.folder, {}, clock=office.clock)
    assert [one.name for one in again.projects()] == ["analytics", "sales"]
    assert again.operations.get(number.upper()) is not None
    again.close()


def test_an_unknown_operation_is_not_found(office: Office) -> None:
    answer = office.send("GET", "_apis/operations/none")
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "OperationNotFoundException")


def test_a_lost_reply_makes_no_second_project(office: Office) -> None:
    office.organisation.faults.add(Fault("*/_apis/projects", "POST", status=502, when="after"))
    with pytest.raises(requests.ConnectionError):
        create(office, "sales")
    assert create(office, "sales").status_code == 409
