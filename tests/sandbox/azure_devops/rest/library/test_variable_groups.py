"""Variable groups through the unmodified client and raw requests."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.models import error_of, group_body
from tests.sandbox.azure_devops.rest.office import Office

# The package never reads an answer without content, as a DELETE gives it; its socket is left to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
GROUPS = "_apis/distributedtask/variablegroups"


def add(office: Office, name: str = "keys", person: str = "admin", **variables: dict[str, Any]) -> Any:
    return office.client("task_agent", person).add_variable_group(group_body(office, name, **variables))


def test_group_is_made_by_its_project_reference(office: Office) -> None:
    made = add(office)
    assert (made.id, made.name, made.type, made.is_shared) == (1, "keys", "Vsts", False)
    assert made.variable_group_project_references[0].project_reference.id == office.project.id
    assert made.created_by.unique_name == "admin@example.com"


def test_secret_is_never_read_back(office: Office) -> None:
    add(office)
    answer = office.send("GET", f"analytics/{GROUPS}/1", "admin")
    assert answer.json()["variables"] == {"key": {"value": None, "isSecret": True}, "region": {"value": "west"}}
    assert "s3cret" not in answer.text


def test_secret_sent_without_value_keeps_the_one_it_had(office: Office) -> None:
    add(office)
    body = group_body(office, "keys", key={"is_secret": True}, more={"value": "1"})
    office.client("task_agent", "admin").update_variable_group(body, 1)
    kept = office.project.library.groups["keys"].variables
    assert (kept["key"].value, kept["key"].secret, set(kept)) == ("s3cret", True, {"key", "more"})


def test_secret_that_becomes_open_does_not_show_what_it_was(office: Office) -> None:
    add(office)
    made = office.client("task_agent", "admin").update_variable_group(group_body(office, "keys", key={}), 1)
    assert made.variables["key"].value == ""


NAMES = [("keys", ["keys"]), ("KE*", ["keys", "keys-2"]), ("*", ["keys", "keys-2", "other"]), ("[k]eys", []),
         ("ke", [])]


@pytest.mark.parametrize(("asked", "found"), NAMES)
def test_groups_are_found_by_name_and_wildcard(office: Office, asked: str, found: list[str]) -> None:
    for name in ("keys", "keys-2", "other"):
        add(office, name)
    groups = office.client("task_agent").get_variable_groups("analytics", group_name=asked)
    assert [one.name for one in groups] == found


def test_name_that_is_taken_is_refused_in_any_case(office: Office) -> None:
    add(office)
    body = group_body(office, "KEYS").serialize()
    assert error_of(office, "POST", GROUPS, json=body) == (409, "VariableGroupExistsException")


def test_last_variable_cannot_be_removed(office: Office) -> None:
    add(office)
    body = {**group_body(office).serialize(), "variables": {}}
    assert error_of(office, "PUT", f"{GROUPS}/1", json=body)[0] == 400


def test_deleted_group_leaves_no_permission_to_the_next_of_its_number(office: Office) -> None:
    add(office)
    pipeline = office.project.library.add_pipeline("p", "churn", "p.yml", frozenset({"keys"}))
    office.client("task_agent", "admin").delete_variable_group(1, [office.project.id])
    add(office, "others")
    assert office.project.library.groups["others"].id == 1
    assert office.project.library.groups_of(pipeline) == {}


WRITES: list[tuple[str, Callable[[Office], Any]]] = [
    ("anna", lambda office: office.client("task_agent", "anna").update_variable_group(group_body(office), 1)),
    ("anna", lambda office: office.client("task_agent", "anna").delete_variable_group(1, [office.project.id])),
    ("ben", lambda office: add(office, "mine", "ben")),
]


@pytest.mark.parametrize(("person", "write"), WRITES, ids=["update", "delete", "create"])
def test_whoever_is_no_administrator_changes_nothing(
    office: Office, person: str, write: Callable[[Office], Any]
) -> None:
    add(office)
    with pytest.raises(Exception, match=rf"Access denied. {person.title()} .* needs \w+ permissions"):
        write(office)
    assert list(office.project.library.groups) == ["keys"]


def test_creator_administers_what_they_made(office: Office) -> None:
    made = add(office, "mine", "anna")
    office.client("task_agent", "anna").delete_variable_group(made.id, [office.project.id])
    assert office.project.library.groups == {}


def test_group_of_another_kind_is_refused_by_name(office: Office) -> None:
    body = {**group_body(office).serialize(), "type": "AzureKeyVault"}
    answer = office.send("POST", GROUPS, "admin", json=body)
    assert (answer.status_code, "AzureKeyVault" in answer.json()["message"]) == (400, True)
