from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.policies.configuration import BUILD, MERGE_STRATEGY, MINIMUM_REVIEWERS
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/policy/configurations"
GIT_PATH = "analytics/_apis/git/policy/configurations"


@pytest.fixture(autouse=True)
def repository_id(office: Office) -> str:
    office.repository("churn", {"a": b"1"})
    record = office.project.repositories.record("churn")
    assert record is not None
    return record.id


def policy(scope: dict[str, Any], kind: str = MINIMUM_REVIEWERS, **more: Any) -> dict[str, Any]:
    return {"isEnabled": True, "isBlocking": True, "type": {"id": kind},
            "settings": {"minimumApproverCount": 1, "scope": [scope]}, **more}


def main(repository_id: str, kind: str = "exact", ref: str = "refs/heads/main") -> dict[str, Any]:
    return {"repositoryId": repository_id, "refName": ref, "matchKind": kind}


def test_client_creates_reads_changes_and_deletes_a_policy(office: Office, repository_id: str) -> None:
    client = office.client("policy", "admin")
    made = client.create_policy_configuration(policy(main(repository_id)), "analytics")
    changed = client.update_policy_configuration(
        policy(main(repository_id), isBlocking=False), "analytics", made.id)
    assert (made.revision, changed.revision, changed.is_blocking) == (1, 2, False)
    assert client.get_policy_configuration("analytics", made.id).created_by.unique_name == "admin@example.com"
    assert office.send("DELETE", f"{PATH}/{made.id}", "admin").status_code == 204
    assert client.get_policy_configurations("analytics") == []


def test_answer_is_200_with_the_kind_of_match_in_capitals(office: Office, repository_id: str) -> None:
    answer = office.send("POST", PATH, "admin", json=policy(main(repository_id)))
    assert answer.status_code == 200
    assert answer.json()["settings"]["scope"][0]["matchKind"] == "Exact"
    assert answer.json()["type"]["displayName"] == "Minimum number of reviewers"


@pytest.mark.parametrize(("kind", "ref", "asked", "counts"), [
    ("exact", "refs/heads/main", "refs/heads/main", True),
    ("exact", "refs/heads/main", "refs/heads/main2", False),
    ("prefix", "refs/heads/release", "refs/heads/release/1.0", True),
    ("prefix", "refs/heads/release", "refs/heads/releases", False),
    ("defaultBranch", "", "refs/heads/main", True),
    ("defaultBranch", "", "refs/heads/other", False),
])
def test_policies_of_a_branch(office: Office, repository_id: str, kind: str, ref: str, asked: str,
                              counts: bool) -> None:
    scope = {"repositoryId": None, "matchKind": kind, **({"refName": ref} if ref else {})}
    assert office.send("POST", PATH, "admin", json=policy(scope)).status_code == 200
    answer = office.client("git").get_policy_configurations("analytics", repository_id=repository_id, ref_name=asked)
    assert len(answer.policy_configurations) == int(counts)


def test_policies_of_a_repository(office: Office, repository_id: str) -> None:
    office.send("POST", PATH, "admin", json=policy(main(repository_id)))
    office.repository("other", {"a": b"1"})
    other = office.client("git").get_repository("other", "analytics").id
    counts = [office.send("GET", f"{GIT_PATH}?repositoryId={one}").json()["count"] for one in (repository_id, other)]
    assert counts == [1, 0]


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "unknown type": ({"type": {"id": "1234"}}, 404),
    "no settings": ({"settings": None}, 400),
    "no scope": ({"settings": {"minimumApproverCount": 1, "scope": []}}, 400),
    "no full ref": ({"settings": {"minimumApproverCount": 1, "scope": [{"refName": "main"}]}}, 400),
    "no reviewers": ({"settings": {"minimumApproverCount": 0, "scope": [main("")]}}, 400),
    "unknown pipeline": ({"type": {"id": BUILD}, "settings": {"buildDefinitionId": 99, "scope": [main("")]}}, 400),
}


@pytest.mark.parametrize(("change", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_policy_that_makes_no_sense_is_refused(office: Office, repository_id: str, change: dict[str, Any],
                                               status: int) -> None:
    answer = office.send("POST", PATH, "admin", json={**policy(main(repository_id)), **change})
    assert answer.status_code == status


def test_contributor_may_not_set_policies(office: Office, repository_id: str) -> None:
    answer = office.send("POST", PATH, json=policy(main(repository_id)))
    assert (answer.status_code, answer.json()["typeKey"]) == (403, "GitNeedsPermissionException")
    assert "'EditPolicies'" in answer.json()["message"]


def test_types_are_told_apart(office: Office) -> None:
    names = {one.id: one.display_name for one in office.client("policy").get_policy_types("analytics")}
    assert names[MERGE_STRATEGY] == "Require a merge strategy"
    assert names[MINIMUM_REVIEWERS] == "Minimum number of reviewers"
