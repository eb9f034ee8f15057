from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.scim.errors import ScimError
from sandbox.databricks.scim.scim_filter import read_filter

ANNA: dict[str, Any] = {
    "userName": "Anna@example.test", "displayName": "Anna", "active": True,
    "emails": [{"type": "work", "value": "anna@example.test"}, {"type": "home", "value": "a@home.test"}],
    "groups": [{"value": "1", "display": "team"}], "name": {"familyName": "Berg"}}


@pytest.mark.parametrize("text", [
    'userName eq "ANNA@example.test"', "userName eq anna@example.test", 'username sw "anna"', 'userName co "EXAMPLE"',
    'displayName ne "bert"', "active eq true", 'emails.value eq "a@home.test"', 'emails.type eq "home"',
    'emails eq "anna@example.test"', 'groups eq "1"', 'groups.display co "tea"', 'name.familyName eq "berg"',
    'displayName eq "x" or displayName eq "y" or displayName eq "anna"', 'title ne "x"',
    'displayName eq "x" and active eq true or userName sw "a" and displayName co "nn"'])
def test_filter_holds(text: str) -> None:
    """G2: names and values compare in any case, lists hold where one of their values does."""
    assert read_filter(text).matches(ANNA)


@pytest.mark.parametrize("text", [
    'userName eq "anna"', 'title eq "x"', 'title eq "none"', 'emails.value ne "a@home.test"', "active eq false",
    'emails.type eq "other"', 'displayName eq "anna" and active eq false', 'userName.value eq "anna@example.test"',
    'userName sw "nna"', 'groups eq "2"'])
def test_filter_does_not_hold(text: str) -> None:
    """G2: both sides of `and` must hold, and `ne` excludes every value of a list."""
    assert not read_filter(text).matches(ANNA)


@pytest.mark.parametrize("text", [
    'userName is "a"', 'userName eq "a" xor userName eq "b"', 'userName eq "a', 'userName eq "a" and', "userName eq",
    '(userName eq "a")', 'not (userName eq "a")', 'userName eq "a"and active eq true', "userName pr", " ",
    " and ".join(['a eq "b"'] * 201)])
def test_filter_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ScimError) as refusal:
        read_filter(text)
    assert (refusal.value.status, refusal.value.scim_type) == (400, "invalidFilter")


def test_quoted_value_may_hold_quotes() -> None:
    assert read_filter(r'displayName eq "a\"b"').matches({"displayName": 'a"b'})


@pytest.mark.parametrize(("text", "value"), [
    ('userName eq "A"', "a"), ('userName eq "a" and active eq true', "a"), ('userName sw "a"', None),
    ('userName eq "a" or userName eq "b"', None), ('displayName eq "a"', None)])
def test_filter_tells_what_a_name_must_equal(text: str, value: str | None) -> None:
    assert read_filter(text).only_equal("username") == value
