"""Members of the organisation, and who signs in as whom."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.identities.descriptors import subject_descriptor
from sandbox.azure_devops.identities.directory import Directory, Kind
from sandbox.pipelines.request import Identity
from sandbox.storage import Storage

ANNA = Identity("Anna Berg", "anna@example.com")
APPLICATION = "0f0e0d0c-0000-4000-8000-000000000001"


@pytest.fixture
def directory() -> Directory:
    return Directory(Storage(), "host")


def test_person_signs_in_by_mail_in_any_case(directory: Directory) -> None:
    anna = directory.add_user(ANNA)
    assert directory.of(Identity("other", "ANNA@example.com")) == anna


def test_service_principal_signs_in_by_its_application_id(directory: Directory) -> None:
    made = directory.add_service_principal(APPLICATION, "brickline")
    assert directory.of(Identity(APPLICATION.upper(), APPLICATION.upper())) == made


def test_person_unknown_so_far_becomes_a_user_without_groups(directory: Directory) -> None:
    made = directory.of(ANNA)
    assert (made.kind, made.groups) == (Kind.USER, frozenset())


@pytest.mark.parametrize("name", ["Anna Berg", "[p]\\Project Administrators", "Microsoft.IdentityModel"])
def test_nobody_becomes_another_by_a_display_name_a_group_or_a_descriptor(directory: Directory, name: str) -> None:
    directory.add_user(ANNA)
    directory.add_group("Project Administrators", "1", "p")
    made = directory.of(Identity("Eve", name))
    assert made.display_name == "Eve"
    assert directory.groups_of(made) == []


def test_descriptor_of_another_is_no_sign_in_name(directory: Directory) -> None:
    anna = directory.add_user(ANNA)
    assert directory.of(Identity("Eve", anna.descriptor)).id != anna.id


def test_members_of_a_group_are_those_of_the_groups_in_it(directory: Directory) -> None:
    outer, inner = directory.add_group("outer"), directory.add_group("inner")
    anna = directory.join(directory.add_user(ANNA), inner)
    directory.join(inner, outer)
    assert directory.members_of(outer) == [anna]
    assert {one.name for one in directory.groups_of(anna)} == {"outer", "inner"}


def test_groups_in_a_circle_end(directory: Directory) -> None:
    one, other = directory.add_group("one"), directory.add_group("other")
    directory.join(one, other)
    directory.join(other, one)
    assert {group.name for group in directory.groups_of(one)} == {"one", "other"}


def test_whoever_leaves_a_group_is_in_it_no_more(directory: Directory) -> None:
    group = directory.add_group("team")
    anna = directory.join(directory.add_user(ANNA), group)
    assert directory.groups_of(directory.leave(anna, group)) == []


def test_each_kind_has_its_prefix_in_newer_descriptors(directory: Directory) -> None:
    members = [directory.add_user(ANNA), directory.add_service_principal(APPLICATION, "b"),
               directory.add_build_service("scope", "s"), directory.add_group("g")]
    assert [subject_descriptor(one).partition(".")[0] for one in members] == ["aad", "aadsp", "svc", "vssgp"]
