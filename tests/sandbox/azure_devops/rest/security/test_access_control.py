"""Permissions on tokens through the unmodified client and raw requests."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.namespaces import BUILD, GIT, repository_token
from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import Office

CONTRIBUTE, FORCE_PUSH = GIT.bits["GenericContribute"], GIT.bits["ForcePush"]


def set_entry(office: Office, token: str, *, allow: int = 0, deny: int = 0, merge: bool = True) -> Any:
    entry = {"descriptor": office.member("ben").descriptor, "allow": allow, "deny": deny}
    body = {"token": token, "merge": merge, "accessControlEntries": [entry]}
    return office.client("security", "admin").set_access_control_entries(body, GIT.id)


def has(office: Office, bits: int, person: str = "ben") -> Any:
    return office.client("security", person).has_permissions(GIT.id, bits, repository_token(office.project.id))


def test_permission_is_granted_on_top_of_others(office: Office) -> None:
    token = repository_token(office.project.id)
    assert has(office, CONTRIBUTE) == [False]
    set_entry(office, token, allow=CONTRIBUTE)
    [entry] = set_entry(office, token, allow=FORCE_PUSH)
    assert entry.allow == CONTRIBUTE | FORCE_PUSH
    assert has(office, CONTRIBUTE | FORCE_PUSH) == [True]


def test_entry_without_merge_takes_the_place_of_the_old_one(office: Office) -> None:
    token = repository_token(office.project.id)
    set_entry(office, token, allow=CONTRIBUTE)
    set_entry(office, token, allow=FORCE_PUSH, merge=False)
    assert has(office, CONTRIBUTE) == [False]


def test_denied_permission_wins(office: Office) -> None:
    set_entry(office, repository_token(office.project.id), deny=GIT.bits["GenericRead"])
    assert has(office, GIT.bits["GenericRead"]) == [False]


def test_permissions_of_several_tokens_are_told_in_their_order(office: Office) -> None:
    tokens = f"{repository_token('nothing')},{repository_token(office.project.id)}"
    assert office.client("security", "admin").has_permissions(GIT.id, 2, tokens) == [False, True]


def test_bit_that_the_namespace_lacks_is_held_by_nobody(office: Office) -> None:
    assert has(office, 1 << 30, "admin") == [False]


def test_lists_show_what_is_set_and_what_it_comes_to(office: Office) -> None:
    token = repository_token(office.project.id)
    set_entry(office, token, allow=CONTRIBUTE)
    descriptor = office.member("ben").descriptor
    [found] = office.client("security").query_access_control_lists(
        GIT.id, token=token, descriptors=descriptor, include_extended_info=True)
    entry = found.aces_dictionary[descriptor]
    assert (found.token, list(found.aces_dictionary), entry.allow) == (token, [descriptor], CONTRIBUTE)
    inherited = GIT.bits["GenericRead"] | GIT.bits["PullRequestContribute"]
    assert entry.extended_info.effective_allow == CONTRIBUTE | inherited


def test_entries_are_removed(office: Office) -> None:
    token = repository_token(office.project.id)
    set_entry(office, token, allow=CONTRIBUTE)
    descriptor = office.member("ben").descriptor
    assert office.client("security", "admin").remove_access_control_entries(GIT.id, token, descriptor) is True
    assert has(office, CONTRIBUTE) == [False]


def test_single_bits_are_removed(office: Office) -> None:
    token = repository_token(office.project.id)
    set_entry(office, token, allow=CONTRIBUTE | FORCE_PUSH)
    descriptor = office.member("ben").descriptor
    left = office.client("security", "admin").remove_permission(GIT.id, descriptor, FORCE_PUSH, token)
    assert left.allow == CONTRIBUTE


WRITES = [("POST", "AccessControlEntries"), ("DELETE", "AccessControlEntries"), ("DELETE", "AccessControlLists"),
          ("DELETE", "Permissions")]


@pytest.mark.parametrize(("method", "area"), WRITES)
def test_nobody_grants_themselves_a_permission(office: Office, method: str, area: str) -> None:
    token = repository_token(office.project.id)
    mine = office.member("anna").descriptor
    body = {"token": token, "merge": True, "accessControlEntries": [{"descriptor": mine, "allow": FORCE_PUSH}]}
    path = f"_apis/{area}/{GIT.id}" + ("/4" if area == "Permissions" else "")
    refused = error_of(office, method, path, "anna", json=body,
                       params={"token": token, "tokens": token, "descriptor": mine, "descriptors": mine})
    assert refused == (403, "AccessDeniedException")
    assert has(office, FORCE_PUSH, "anna") == [False]


def test_token_above_all_projects_is_nobodys(office: Office) -> None:
    body = {"token": "repoV2", "merge": True, "accessControlEntries": []}
    assert error_of(office, "POST", f"_apis/AccessControlEntries/{GIT.id}", json=body)[0] == 403


def test_namespaces_name_their_bits(office: Office) -> None:
    [found] = office.client("security").query_security_namespaces(BUILD.id)
    assert {one.name: one.bit for one in found.actions}["CreateBuildDefinition"] == 32768
    listed = {one.namespace_id for one in office.client("security").query_security_namespaces()}
    assert set(namespaces.NAMESPACES) == listed


def test_unknown_namespace_and_identity_are_refused(office: Office) -> None:
    assert error_of(office, "GET", "_apis/AccessControlLists/nothing")[0] == 404
    body = {"token": repository_token(office.project.id), "merge": True,
            "accessControlEntries": [{"descriptor": "a;b", "allow": 4}]}
    assert error_of(office, "POST", f"_apis/AccessControlEntries/{GIT.id}", json=body)[0] == 404
