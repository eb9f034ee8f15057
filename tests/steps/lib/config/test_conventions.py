from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.lib.config.conventions import (
    Identity,
    cluster_name,
    identity_of,
    identity_tags,
    project_folder,
    shared_identity,
    tag_value,
)
from steps.lib.errors import InputError
from steps.lib.target_environment import TargetEnvironment

LOCAL = TargetEnvironment.LOCAL
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300)


def of(branch: str, repository: str = "churn") -> Identity:
    return Identity(LOCAL, repository, branch)


@pytest.mark.parametrize(("branch", "expected"), [
    pytest.param("main", r"local-churn-main", id="plain"),
    pytest.param("first-model-2", r"local-churn-first-model-2", id="hyphens"),
    pytest.param("feature/first-model", r"local-churn-feature-first-model-[0-9a-f]{8}", id="slash"),
    pytest.param("Feature_X", r"local-churn-feature-x-[0-9a-f]{8}", id="capitals"),
    pytest.param("$(Build.SourceBranch)", r"local-churn-build-sourcebranch-[0-9a-f]{8}", id="macro"),
    pytest.param("it's-\"quoted\"", r"local-churn-it-s-quoted-[0-9a-f]{8}", id="quotes"),
    pytest.param("größe/modèle", r"local-churn-gro-e-modele-[0-9a-f]{8}", id="accents"),
    pytest.param("特徴量", r"local-churn-[0-9a-f]{8}", id="no-latin-letter"),
    pytest.param("x" * 250, r"local-churn-x{79}-[0-9a-f]{8}", id="250-characters"),
    pytest.param("a-0123abcd", r"local-churn-a-0123abcd-[0-9a-f]{8}", id="looks-like-a-hash"),
])
def test_name_is_cleaned_and_ends_in_a_hash_where_it_lost_something(branch: str, expected: str) -> None:
    assert re.fullmatch(expected, cluster_name(of(branch)))


@pytest.mark.parametrize(("one", "other"), [
    pytest.param(of("feature/x"), of("feature-x"), id="slash-and-hyphen"),
    pytest.param(of("Feature-x"), of("feature-x"), id="case"),
    pytest.param(of("b-c", "a"), of("c", "a-b"), id="border-of-repository"),
    pytest.param(of("x" * 200 + "1"), of("x" * 200 + "2"), id="cut"),
    pytest.param(of("特"), of("徴"), id="unicode"),
    pytest.param(of(cluster_name(of("a/b"))[len("local-churn-"):]), of("a/b"), id="forged-hash"),
])
def test_branches_that_clean_to_the_same_text_have_different_names(one: Identity, other: Identity) -> None:
    assert cluster_name(one) != cluster_name(other)


@settings(derandomize=True, deadline=None)
@given(names, names)
def test_every_name_is_short_lower_case_and_clean(repository: str, branch: str) -> None:
    name = cluster_name(of(branch, repository))
    assert re.fullmatch(r"[a-z0-9-]{1,100}", name)


@settings(derandomize=True, deadline=None)
@given(names, names)
def test_two_texts_never_share_a_tag_value(one: str, other: str) -> None:
    assert (tag_value(one) == tag_value(other)) == (one == other)


@settings(derandomize=True, deadline=None)
@given(names)
def test_every_tag_value_fits_the_rules_of_azure(text: str) -> None:
    value = tag_value(text)
    assert len(value) <= 256
    assert value.encode("latin-1")


def test_a_shortened_value_cannot_be_forged() -> None:
    assert tag_value(tag_value("特")) != tag_value("特")


@pytest.mark.parametrize("branch", ["feature/x", "$(x)", "it's", "größe", "y" * 250])
def test_tags_hold_the_exact_branch(branch: str) -> None:
    assert identity_tags(of(branch)) == {
        "environment": "local", "repo": "churn", "branch": branch, "managed_by": "brickline"}


@pytest.mark.parametrize(("branch", "expected"), [
    pytest.param("特徴/量", r"__/_~[0-9a-f]{16}", id="beyond-latin-1"),
    pytest.param("z" * 257, r"z{200}~[0-9a-f]{16}", id="257-characters"),
])
def test_a_branch_no_tag_can_hold_is_shortened_with_a_hash(branch: str, expected: str) -> None:
    assert re.fullmatch(expected, tag_value(branch))


def test_identity_strips_the_prefix_of_the_ref() -> None:
    assert identity_of(LOCAL, "churn", "refs/heads/feature/x") == of("feature/x")


@pytest.mark.parametrize("ref", [
    "main", "refs/tags/v1", "refs/pull/7/merge", "refs/heads/", "refs/heads/a b", "refs/heads/a..b", "refs/heads/a~1",
    "refs/heads/-x", "refs/heads/a\nb", "refs/heads/a.lock", "refs/heads//a", "refs/heads/.a", "refs/heads/a@{1}",
])
def test_a_ref_that_is_no_branch_is_refused(ref: str) -> None:
    with pytest.raises(InputError, match="SOURCE_BRANCH"):
        identity_of(LOCAL, "churn", ref)


@pytest.mark.parametrize("branch", ["main", "*-", "shared", "x"])
def test_the_shared_cluster_is_never_that_of_a_branch(branch: str) -> None:
    shared = shared_identity(LOCAL, "churn")
    assert cluster_name(shared) != cluster_name(of(branch))
    assert identity_tags(shared)["branch"] != identity_tags(of(branch))["branch"]
    with pytest.raises(InputError):
        identity_of(LOCAL, "churn", f"refs/heads/{shared.branch}")


@pytest.mark.parametrize(("environment", "folder"), [("local", "anna@example.com"), ("dev", "dev"), ("prod", "prod")])
def test_the_project_folder_is_the_persons_own_in_local_alone(environment: str, folder: str) -> None:
    found = project_folder(TargetEnvironment(environment), "churn", "anna@example.com")
    assert found == f"/Repos/{folder}/churn"
