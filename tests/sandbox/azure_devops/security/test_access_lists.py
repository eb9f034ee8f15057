"""What is allowed on a token, by itself, by groups and by the levels above."""
from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from sandbox.azure_devops.identities.directory import Directory, Member
from sandbox.azure_devops.security.access_lists import AccessLists, Entry
from sandbox.azure_devops.security.namespaces import GIT, NAMESPACES, repository_token
from sandbox.azure_devops.security.roles import ADMINISTRATOR, READER, USER, give_role, role_of, roles_of
from sandbox.pipelines.request import Identity
from sandbox.storage import Storage

PROJECT, REPOSITORY = repository_token("p"), repository_token("p", "r")
BRANCH = repository_token("p", "r", "refs/heads/feature/a")
READ, WRITE = GIT.bits["GenericRead"], GIT.bits["GenericContribute"]


@dataclass
class Hall:
    access: AccessLists
    anna: Member
    team: Member

    def allows(self, token: str, permission: str = "GenericRead") -> bool:
        return self.access.allows(GIT, token, self.anna, permission)


@pytest.fixture
def hall() -> Hall:
    storage = Storage()
    directory = Directory(storage, "host")
    team = directory.add_group("team")
    anna = directory.join(directory.add_user(Identity("Anna", "anna@example.com")), team)
    return Hall(AccessLists(storage, directory), anna, team)


def test_nothing_is_allowed_that_nobody_granted(hall: Hall) -> None:
    assert not hall.allows(BRANCH)


@pytest.mark.parametrize("token", [PROJECT, REPOSITORY, BRANCH])
def test_a_grant_reaches_everything_below(hall: Hall, token: str) -> None:
    hall.access.grant(GIT, PROJECT, hall.team, allow=READ)
    assert hall.allows(token)
    assert not hall.allows(repository_token("other"))


def test_a_nearer_level_beats_those_above(hall: Hall) -> None:
    hall.access.grant(GIT, PROJECT, hall.anna, deny=READ)
    hall.access.grant(GIT, REPOSITORY, hall.anna, allow=READ)
    assert (hall.allows(PROJECT), hall.allows(BRANCH)) == (False, True)


def test_on_one_level_a_denial_of_a_group_beats_the_grant_of_a_person(hall: Hall) -> None:
    hall.access.grant(GIT, PROJECT, hall.anna, allow=READ)
    hall.access.grant(GIT, PROJECT, hall.team, deny=READ)
    assert not hall.allows(PROJECT)


def test_a_level_that_inherits_nothing_stands_alone(hall: Hall) -> None:
    hall.access.grant(GIT, PROJECT, hall.anna, allow=READ | WRITE)
    hall.access.grant(GIT, REPOSITORY, hall.anna, allow=READ)
    hall.access.put(GIT, replace(hall.access.get(GIT, REPOSITORY), inherits=False))
    assert (hall.allows(BRANCH), hall.allows(BRANCH, "GenericContribute")) == (True, False)


def test_a_grant_takes_back_a_denial(hall: Hall) -> None:
    hall.access.grant(GIT, PROJECT, hall.anna, deny=READ)
    assert hall.access.grant(GIT, PROJECT, hall.anna, allow=READ) == Entry(READ, 0)


def test_what_is_forgotten_counts_no_more(hall: Hall) -> None:
    hall.access.grant(GIT, PROJECT, hall.anna, allow=READ)
    hall.access.forget(GIT, PROJECT.upper())
    assert not hall.allows(PROJECT)


def test_branches_of_one_beginning_are_not_below_each_other(hall: Hall) -> None:
    hall.access.grant(GIT, repository_token("p", "r", "refs/heads/feature"), hall.anna, allow=READ)
    assert hall.allows(BRANCH)
    assert not hall.allows(repository_token("p", "r", "refs/heads/features"))


@pytest.mark.parametrize("namespace", [one for one in NAMESPACES.values() if one.name in (
    "Library", "Environment", "ServiceEndpoints", "DistributedTask")], ids=lambda one: one.name)
def test_roles_hold_each_other_and_are_read_back(hall: Hall, namespace: object) -> None:
    found = next(one for one in NAMESPACES.values() if one is namespace)
    bits = roles_of(found)
    assert bits[READER] & bits[USER] == bits[READER]
    assert bits[USER] & bits[ADMINISTRATOR] == bits[USER]
    for role in bits:
        give_role(hall.access, found, "t", hall.anna, role)
        assert role_of(found, hall.access.get(found, "t").entries[hall.anna.descriptor]) == role
