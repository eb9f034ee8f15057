"""ADO environments through the unmodified client and raw requests."""
from __future__ import annotations

import pytest

from tests.sandbox.azure_devops.rest.models import error_of, model
from tests.sandbox.azure_devops.rest.office import Office

# The package never reads an answer without content, as a DELETE gives it; its socket is left to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
ENVIRONMENTS = "analytics/_apis/distributedtask/environments"


def add(office: Office, name: str = "churn-prod", person: str = "admin") -> int:
    body = model("task_agent", "EnvironmentCreateParameter", name=name, description="d")
    return int(office.client("task_agent", person).add_environment(body, "analytics").id)


def test_environment_is_made_and_read(office: Office) -> None:
    number = add(office)
    found = office.client("task_agent").get_environment_by_id("analytics", number)
    assert (found.name, found.description, found.created_by.display_name) == ("churn-prod", "d", "Ada Min")


def test_environments_are_listed_by_a_part_of_their_name(office: Office) -> None:
    for name in ("churn-prod", "churn-dev", "sales-dev"):
        add(office, name)
    found = office.client("task_agent").get_environments("analytics", name="CHURN")
    assert [one.name for one in found] == ["churn-prod", "churn-dev"]


def test_environments_come_in_pages(office: Office) -> None:
    for name in ("a", "b", "c"):
        add(office, name)
    first = office.send("GET", ENVIRONMENTS, params={"$top": "2"})
    token = first.headers["x-ms-continuationtoken"]
    second = office.send("GET", ENVIRONMENTS, params={"$top": "2", "continuationToken": token})
    assert [one["name"] for answer in (first, second) for one in answer.json()["value"]] == ["a", "b", "c"]
    assert "x-ms-continuationtoken" not in second.headers


def test_name_that_is_taken_is_refused(office: Office) -> None:
    add(office)
    assert error_of(office, "POST", ENVIRONMENTS, json={"name": "Churn-Prod"}) == (409, "EnvironmentExistsException")


def test_environment_is_renamed_and_removed(office: Office) -> None:
    number = add(office)
    client = office.client("task_agent", "admin")
    wanted = model("task_agent", "EnvironmentUpdateParameter", name="x")
    changed = client.update_environment(wanted, "analytics", number)
    assert (changed.name, changed.description) == ("x", "d")
    client.delete_environment("analytics", number)
    assert error_of(office, "GET", f"{ENVIRONMENTS}/{number}") == (404, "EnvironmentNotFoundException")


REFUSED = [("POST", "", "ben"), ("PATCH", "/1", "anna"), ("DELETE", "/1", "anna")]


@pytest.mark.parametrize(("method", "path", "person"), REFUSED)
def test_whoever_may_not_change_environments_is_told(office: Office, method: str, path: str, person: str) -> None:
    add(office)
    refused = error_of(office, method, ENVIRONMENTS + path, person, json={"name": "other"})
    assert refused == (403, "AccessDeniedException")
    assert [one.name for one in office.project.library.environments] == ["churn-prod"]


def test_creator_administers_what_they_made(office: Office) -> None:
    number = add(office, "mine", "anna")
    office.client("task_agent", "anna").delete_environment("analytics", number)
    assert office.project.library.environments == []
