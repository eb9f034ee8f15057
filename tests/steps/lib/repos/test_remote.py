from __future__ import annotations

import pytest

from steps.lib.errors import InputError
from steps.lib.repos.remote import Ref, clean_url, ref_of, same_repository

URL = "https://dev.azure.com/org/My%20Project/_git/churn"


@pytest.mark.parametrize(("source", "ref"), [
    ("refs/heads/main", Ref("branch", "main")), ("refs/heads/feature/a&b#c", Ref("branch", "feature/a&b#c")),
    ("refs/heads/refs/tags/x", Ref("branch", "refs/tags/x")), ("refs/tags/v1.0", Ref("tag", "v1.0")),
], ids=["branch", "odd characters", "looks like a tag", "tag"])
def test_full_ref_is_a_branch_or_a_tag(source: str, ref: Ref) -> None:
    assert ref_of(source) == ref


@pytest.mark.parametrize("source", ["", "main", "refs/heads/", "refs/pull/1/merge"])
def test_other_refs_are_refused(source: str) -> None:
    with pytest.raises(InputError, match="expected a branch or a tag"):
        ref_of(source)


def test_user_and_password_leave_the_address() -> None:
    assert clean_url("https://org:s3cret@dev.azure.com/org/My%20Project/_git/churn") == URL


@pytest.mark.parametrize(("other", "same"), [
    ("https://org@dev.azure.com/Org/my project/_git/Churn", True), (f"{URL}/", True), (f"{URL}.git", True),
    (f"{URL}-2", False), ("https://example.com/org/My%20Project/_git/churn", False),
], ids=["case and escapes", "slash", "ending", "another", "another host"])
def test_addresses_of_one_repository_are_known_in_every_spelling(other: str, same: bool) -> None:
    assert same_repository(URL, other) is same
