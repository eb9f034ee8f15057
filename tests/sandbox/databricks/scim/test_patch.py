from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.scim.errors import ScimError
from sandbox.databricks.scim.patch import patched

TEAM: dict[str, Any] = {"displayName": "team", "members": [{"value": "1"}, {"value": "2"}], "entitlements": [],
                        "roles": [{"value": "r", "type": "x"}]}


def changed(attribute: str, op: str, path: str | None = None, value: object = None) -> object:
    operation = {"op": op, **({"path": path} if path else {}), **({"value": value} if value is not None else {})}
    found = patched(TEAM, [operation])[attribute]
    return [item["value"] for item in found] if attribute in {"members", "entitlements"} else found


@pytest.mark.parametrize(("operation", "members"), [
    (("add", "members", [{"value": "3"}]), ["1", "2", "3"]), (("add", "members", {"value": "3"}), ["1", "2", "3"]),
    (("add", "members", "3"), ["1", "2", "3"]), (("add", "members", [{"value": "2"}]), ["1", "2"]),
    (("Add", "Members", [{"value": "3"}]), ["1", "2", "3"]),
    (("add", None, {"members": [{"value": "3"}]}), ["1", "2", "3"]),
    (("replace", "members", [{"value": "3"}]), ["3"]), (("replace", None, {"members": []}), []),
    (("remove", 'members[value eq "1"]'), ["2"]), (("remove", "members", [{"value": "2"}]), ["1"]),
    (("remove", "members"), []), (("remove", 'members[value eq "9"]'), ["1", "2"]),
    (("add", "urn:ietf:params:scim:schemas:core:2.0:Group:members", "3"), ["1", "2", "3"])])
def test_members_are_changed(operation: tuple[Any, ...], members: list[str]) -> None:
    """G2: add joins, replace takes the place of all, remove takes away what the path or the value names."""
    assert changed("members", *operation) == members


@pytest.mark.parametrize("operation", [("add", "displayName", "new"), ("replace", "DISPLAYNAME", "new"),
                                       ("replace", None, {"displayName": "new"})])
def test_single_value_is_set(operation: tuple[Any, ...]) -> None:
    """G2: by path or without one."""
    assert changed("displayName", *operation) == "new"


def test_part_of_a_chosen_value_is_set() -> None:
    assert changed("roles", "replace", 'roles[value eq "r"].type', "y") == [{"value": "r", "type": "y"}]


def test_part_of_a_map_is_set() -> None:
    assert patched({}, [{"op": "add", "path": "name.givenName", "value": "Anna"}]) == {"name": {"givenName": "Anna"}}


@pytest.mark.parametrize(("path", "left"), [
    ("name", {"roles": [{"value": "r", "type": "x"}]}),
    ("name.givenName", {"name": {"familyName": "B"}, "roles": [{"value": "r", "type": "x"}]}),
    ('roles[value eq "r"].type', {"name": {"givenName": "A", "familyName": "B"}, "roles": [{"value": "r"}]}),
    ("title", {"name": {"givenName": "A", "familyName": "B"}, "roles": [{"value": "r", "type": "x"}]})])
def test_what_the_path_names_is_removed_and_nothing_around_it(path: str, left: dict[str, Any]) -> None:
    """G2: remove by path."""
    before = {"name": {"givenName": "A", "familyName": "B"}, "roles": [{"value": "r", "type": "x"}]}
    assert patched(before, [{"op": "remove", "path": path}]) == left


def test_operations_build_on_each_other_and_leave_the_given_resource_alone() -> None:
    """G2: each operation sees what those before it made."""
    operations = [{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"value": "7"}]}]
    assert patched(TEAM, operations)["members"] == [{"value": "7"}]
    assert len(TEAM["members"]) == 2


@pytest.mark.parametrize(("operation", "scim_type"), [
    ({"op": "remove", "path": "entitlements"}, "noTarget"), ({"op": "remove"}, "invalidPath"),
    ({"op": "add", "path": 'members[value eq "9"]', "value": {}}, "noTarget"),
    ({"op": "move", "path": "members", "value": "1"}, "invalidSyntax"), ({"op": "add", "value": "x"}, "invalidSyntax"),
    ({"op": "add", "path": "members", "value": [7]}, "invalidSyntax"),
    ({"op": "add", "path": "a b", "value": "x"}, "invalidPath"),
    ({"op": "add", "path": "members"}, "invalidValue"),
    ({"op": "remove", "path": "members[value is 1]"}, "invalidFilter"),
    ({"op": "add", "path": "members", "value": [{"value": ["1"]}]}, "invalidSyntax"),
    ({"op": "add", "path": 'displayName[value eq "1"]', "value": {}}, "noTarget"),
    ({"op": "remove", "path": 'displayName[value eq "1"]'}, "noTarget"),
    ("add", "invalidSyntax"), ({"op": "add", "path": 7, "value": 1}, "invalidSyntax")])
def test_operation_that_makes_no_sense_is_refused(operation: object, scim_type: str) -> None:
    """G2: nothing is guessed."""
    with pytest.raises(ScimError) as refusal:
        patched(TEAM, [operation])
    assert refusal.value.scim_type == scim_type
