from __future__ import annotations

from tests.sandbox.azure_devops.rest.office import Office


def test_client_finds_the_project(office: Office) -> None:
    [project] = office.client("core").get_projects()
    assert project.name == office.project.name


def test_unknown_project_is_named(office: Office) -> None:
    answer = office.send("GET", "_apis/projects/nothing")
    assert (answer.status_code, answer.json()["typeKey"]) == (404, "ProjectDoesNotExistWithNameException")
