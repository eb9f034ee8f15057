from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.directory import ADMINS, USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.memory import Memory
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.work import work_of

PEOPLE, GROUPS = 5000, 500


@pytest.fixture
def directory() -> Directory:
    return Directory(Memory())


@pytest.fixture
def anna(directory: Directory) -> Principal:
    return directory.add(PrincipalKind.USER, "Anna@example.test", "Anna")


@pytest.fixture(scope="module")
def crowd() -> Workspace:
    """Each is in three groups, and the first of them is in another group."""
    clock = FakeClock()
    workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock)
    directory = workspace.state.directory
    with workspace.state.lock:
        groups = [directory.add_group(f"group{number}") for number in range(GROUPS)]
        directory.join(groups[0], groups[1])
        for number in range(PEOPLE):
            user = directory.add(PrincipalKind.USER, f"user{number}@example.test")
            for one in (number, number + 1, number + 2):
                directory.join(user, groups[one % GROUPS])
    return workspace


def names(groups: list[Principal]) -> set[str]:
    return {group.name for group in groups}


def test_name_is_found_in_any_case_and_only_in_its_kind(directory: Directory, anna: Principal) -> None:
    assert directory.find(PrincipalKind.USER, "ANNA@example.test") == anna
    assert directory.find(PrincipalKind.GROUP, "anna@example.test") is None
    assert directory.add(PrincipalKind.USER, "anna@EXAMPLE.test") == anna


def test_groups_are_found_through_groups_even_in_a_circle(directory: Directory, anna: Principal) -> None:
    """B17: rights of every one of them count."""
    team = directory.add_group("team", [anna])
    above = directory.add_group("above", [team])
    directory.join(above, team)
    assert names(directory.groups_of(anna)) == {USERS, "team", "above"}


def test_admin_is_who_is_in_the_admins_through_any_group(directory: Directory, anna: Principal) -> None:
    team = directory.add_group("team", [anna])
    admins = directory.find(PrincipalKind.GROUP, ADMINS)
    assert admins is not None
    assert not directory.is_admin(anna)
    directory.join(team, admins)
    assert directory.is_admin(anna)
    directory.leave(anna, team)
    assert not directory.is_admin(anna)


def test_entitlements_come_from_groups_too(directory: Directory, anna: Principal) -> None:
    """B17: what a group may do, its members may."""
    directory.change(anna.id, entitlements=frozenset({"own"}))
    team = directory.add_group("team", [anna])
    directory.change(directory.add_group("above", [team]).id, entitlements=frozenset({"inherited"}))
    assert directory.entitlements_of(anna) == {"own", "inherited", "workspace-access"}


def test_group_that_goes_leaves_its_members_behind(directory: Directory, anna: Principal) -> None:
    directory.remove(directory.add_group("team", [anna]))
    found = directory.by_id(anna.id)
    assert found is not None
    assert (found.groups, names(directory.groups_of(found))) == (frozenset(), {USERS})


def test_one_of_many_is_not_looked_for_among_all(crowd: Workspace) -> None:
    directory = crowd.state.directory
    user = directory.find(PrincipalKind.USER, "user7@example.test")
    assert user is not None
    assert len(directory.groups_of(user)) == 4
    assert work_of(lambda: directory.is_admin(user)) < 600


def test_scim_finds_one_of_many_by_name_and_cuts_pages_before_it_shows_them(crowd: Workspace) -> None:
    """G1: the first page of many costs what a page costs."""
    admin, scim = Client(crowd, crowd.token), "2.0/preview/scim/v2/Users"
    assert admin.get(scim, filter="userName eq user7@example.test").body["totalResults"] == 1
    assert work_of(lambda: admin.get(scim, filter="userName eq user7@example.test")) < 2 * PEOPLE
    assert work_of(lambda: admin.get(scim, count="1", startIndex="4000")) < 2 * PEOPLE
