"""Roles on things of the library, by the routes that only pages and Terraform call."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.projects.library import Environment, VariableGroup
from sandbox.azure_devops.security.namespaces import ENVIRONMENT, LIBRARY, environment_token, library_token
from sandbox.pipelines.request import Variable
from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import Office


@pytest.fixture(autouse=True)
def things(office: Office) -> None:
    office.project.library.put_environment(Environment("prod"))
    office.project.library.put_group(VariableGroup("keys", {"key": Variable("1")}))


def path(office: Office, scope: str = "distributedtask.environmentreferencerole", separator: str = "_") -> str:
    return f"_apis/securityroles/scopes/{scope}/roleassignments/resources/{office.project.id}{separator}1"


def role(office: Office, person: str, name: str) -> list[dict[str, Any]]:
    return [{"userId": office.member(person).id, "roleName": name}]


ROLES = [("Reader", False, False), ("User", True, False), ("Administrator", True, True)]


@pytest.mark.parametrize(("name", "uses", "administers"), ROLES)
def test_role_on_an_environment_is_permissions(office: Office, name: str, uses: bool, administers: bool) -> None:
    assert office.send("PUT", path(office), "admin", json=role(office, "ben", name)).status_code == 200
    token, ben = environment_token(office.project.id, 1), office.member("ben")
    access = office.organisation.access
    assert access.allows(ENVIRONMENT, token, ben, "Use") == uses
    assert access.allows(ENVIRONMENT, token, ben, "Administer") == administers


def test_role_on_a_variable_group_is_permissions(office: Office) -> None:
    there = path(office, "distributedtask.variablegroup", "%24")
    office.send("PUT", there, "admin", json=role(office, "anna", "User"))
    assert office.organisation.access.allows(LIBRARY, library_token(office.project.id, 1), office.member("anna"), "Use")


def test_roles_are_listed_with_where_they_come_from(office: Office) -> None:
    office.send("PUT", path(office), "admin", json=role(office, "ben", "User"))
    rows = office.send("GET", path(office)).json()["value"]
    found = {one["identity"]["displayName"]: (one["role"]["name"], one["access"]) for one in rows}
    assert found["Ben Holm"] == ("User", "assigned")
    assert found["[analytics]\\Project Administrators"] == ("Administrator", "inherited")


def test_role_is_taken_away(office: Office) -> None:
    office.send("PUT", path(office), "admin", json=role(office, "ben", "Administrator"))
    office.send("PATCH", path(office), "admin", json=[office.member("ben").id])
    token = environment_token(office.project.id, 1)
    assert not office.organisation.access.allows(ENVIRONMENT, token, office.member("ben"), "Administer")


def test_nobody_gives_themselves_a_role(office: Office) -> None:
    refused = error_of(office, "PUT", path(office), "anna", json=role(office, "anna", "Administrator"))
    assert refused == (403, "AccessDeniedException")


WRONG = [("distributedtask.planets", "_", "User"), ("distributedtask.environmentreferencerole", "x", "User"),
         ("distributedtask.environmentreferencerole", "_", "King"), ("distributedtask.variablegroup", "_a", "User")]


@pytest.mark.parametrize(("scope", "separator", "name"), WRONG)
def test_what_is_no_role_assignment_is_refused(office: Office, scope: str, separator: str, name: str) -> None:
    assert error_of(office, "PUT", path(office, scope, separator), json=role(office, "ben", name))[0] == 400
