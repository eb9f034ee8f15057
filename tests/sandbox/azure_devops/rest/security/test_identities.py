"""People and groups through the unmodified client."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.azure_devops.rest.models import error_of
from tests.sandbox.azure_devops.rest.office import Office


def search(office: Office, kind: str, value: str) -> list[Any]:
    found: list[Any] = office.client("identity").read_identities(search_filter=kind, filter_value=value)
    return found


FOUND = [
    ("General", "ANNA@example.com", ["Anna Berg"]),
    ("General", "anna berg", ["Anna Berg"]),
    ("MailAddress", "ben@example.com", ["Ben Holm"]),
    ("AccountName", "ben@example.com", ["Ben Holm"]),
    ("DisplayName", "Ben Holm", ["Ben Holm"]),
    ("General", "Contributors", ["[analytics]\\Contributors"]),
    ("LocalGroupName", "readers", ["[analytics]\\Readers"]),
    ("MailAddress", "Anna Berg", []),
    ("General", "anna", []),
]


@pytest.mark.parametrize(("kind", "value", "names"), FOUND)
def test_identities_are_found_by_what_people_call_them(office: Office, kind: str, value: str, names: list[str]) -> None:
    assert [one.provider_display_name for one in search(office, kind, value)] == names


def test_identity_carries_its_storage_key_and_descriptors(office: Office) -> None:
    [anna] = search(office, "General", "anna@example.com")
    assert (anna.id, anna.descriptor) == (office.member("anna").id, office.member("anna").descriptor)
    assert anna.subject_descriptor.startswith("aad.")
    assert anna.properties["Mail"] == {"$type": "System.String", "$value": "anna@example.com"}


def test_service_principal_is_found_by_its_application_id(office: Office) -> None:
    made = office.organisation.directory.add_service_principal("0f0e0d0c-0000-0000-0000-000000000001", "brickline")
    [found] = search(office, "General", made.name)
    assert (found.id, found.properties["ApplicationId"]["$value"]) == (made.id, made.name)


def test_each_id_has_its_place_and_unknown_ones_are_null(office: Office) -> None:
    ids = f"{office.member('ben').id},nobody"
    answer = office.send("GET", "_apis/Identities", params={"identityIds": ids}).json()
    assert [one and one["providerDisplayName"] for one in answer["value"]] == ["Ben Holm", None]


def test_membership_is_shown_where_asked_for(office: Office) -> None:
    [anna] = office.client("identity").read_identities(
        descriptors=office.member("anna").descriptor, query_membership="Direct")
    [group] = search(office, "LocalGroupName", "Contributors")
    assert anna.member_of == [group.descriptor]


def test_unknown_identity_is_not_found(office: Office) -> None:
    assert error_of(office, "GET", "_apis/Identities/nobody")[0] == 404
    assert office.client("identity").read_identity(office.member("ben").id).provider_display_name == "Ben Holm"
