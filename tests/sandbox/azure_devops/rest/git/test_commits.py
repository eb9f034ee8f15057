from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.azure_devops.person import Person
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn"


@pytest.fixture
def anna(office: Office, tmp_path: Path) -> Person:
    """Her clone: `topic` is two commits ahead of `main` and one behind it; all is pushed."""
    office.repository("churn", {"a.txt": b"1"})
    Person(tmp_path).git("clone", "-q", office.git_url("churn"), "clone")
    person = Person(tmp_path / "clone")
    person.git("checkout", "-q", "-b", "topic")
    for number in (1, 2):
        person.commit(f"{number}.txt", "x", f"Number {number}")
    person.git("checkout", "-q", "main")
    person.commit("m.txt", "x", "On main")
    person.git("push", "-q", "origin", "main", "topic")
    return person


def sha(person: Person, name: str) -> str:
    return person.git("rev-parse", name).strip()


def test_branches_tell_how_far_they_are_from_the_base(office: Office, anna: Person) -> None:
    found = {one.name: one for one in office.client("git").get_branches("churn", "analytics")}
    assert (found["topic"].ahead_count, found["topic"].behind_count, found["topic"].is_base_version) == (2, 1, False)
    assert (found["main"].ahead_count, found["main"].is_base_version) == (0, True)
    assert found["topic"].commit.commit_id == sha(anna, "topic")


@pytest.mark.usefixtures("anna")
def test_one_branch_comes_without_envelope(office: Office) -> None:
    assert office.client("git").get_branch("churn", "topic", "analytics").ahead_count == 2
    assert office.send("GET", f"{PATH}/stats/branches?name=no").status_code == 404


def test_empty_repository_has_no_branches(office: Office) -> None:
    office.repository("churn")
    answer = office.send("GET", f"{PATH}/stats/branches")
    assert (answer.status_code, answer.json()["typeKey"]) == (400, "ArgumentException")
    assert answer.json()["message"] == "VS403403: Cannot find any branches for the churn repository."


def test_commits_of_a_branch_newest_first(office: Office, anna: Person) -> None:
    query = "searchCriteria.itemVersion.version=topic&searchCriteria.$top=2"
    rows = office.send("GET", f"{PATH}/commits?{query}").json()["value"]
    assert [one["comment"] for one in rows] == ["Number 2", "Number 1"]
    assert rows[0]["parents"] == [sha(anna, "topic~1")]


@pytest.mark.usefixtures("anna")
def test_commits_of_one_file(office: Office) -> None:
    query = "searchCriteria.itemVersion.version=topic&searchCriteria.itemPath=/1.txt"
    assert [one["comment"] for one in office.send("GET", f"{PATH}/commits?{query}").json()["value"]] == ["Number 1"]


def test_one_commit_is_whole(office: Office, anna: Person) -> None:
    message = "Long" * 50 + "\n\nbody"
    anna.commit("l.txt", "x", message)
    anna.git("push", "-q", "origin", "main")
    found = office.client("git").get_commit(sha(anna, "main"), "churn", "analytics")
    assert found.comment == message
    [short] = office.send("GET", f"{PATH}/commits?$top=1").json()["value"]
    assert (len(short["comment"]), short["commentTruncated"]) == (100, True)


def test_unknown_commit_is_404(office: Office, anna: Person) -> None:
    assert office.send("GET", f"{PATH}/commits/{'1' * 40}").status_code == 404
    assert office.send("GET", f"{PATH}/commits/{sha(anna, 'main')[:7]}").status_code == 404


def test_merge_base_of_two_commits(office: Office, anna: Person) -> None:
    found = office.client("git").get_merge_bases("churn", sha(anna, "main"), sha(anna, "topic"), "analytics")
    assert [one.commit_id for one in found] == [sha(anna, "main~1")]


def diff(office: Office, **query: str) -> dict[str, Any]:
    asked = {"baseVersion": "main", "targetVersion": "topic", **query}
    answer: dict[str, Any] = office.send("GET", f"{PATH}/diffs/commits", params=asked).json()
    return answer


def test_difference_of_two_branches(office: Office, anna: Person) -> None:
    found = diff(office)
    rows = [(one["changeType"], one["item"]["path"]) for one in found["changes"]]
    assert rows == [("add", "/1.txt"), ("add", "/2.txt")]
    assert (found["aheadCount"], found["behindCount"], found["changeCounts"]) == (2, 1, {"Add": 2})
    assert found["commonCommit"] == sha(anna, "main~1")


def test_difference_from_the_base_itself(office: Office, anna: Person) -> None:
    anna.git("checkout", "-q", "topic")
    anna.git("mv", "a.txt", "b.txt")
    anna.commit("1.txt", "edited")
    anna.git("push", "-q", "origin", "topic")
    rows = diff(office, diffCommonCommit="false")["changes"]
    assert [(one["changeType"], one.get("sourceServerItem"), one["item"]["path"]) for one in rows] == [
        ("add", None, "/1.txt"), ("rename", "/m.txt", "/2.txt"), ("rename", "/a.txt", "/b.txt")]


@pytest.mark.usefixtures("anna")
def test_client_reads_as_many_differences_as_it_asks_for(office: Office) -> None:
    models = importlib.import_module("azure.devops.v7_1.git.models")
    found = office.client("git").get_commit_diffs(
        "churn", "analytics", top=1, base_version_descriptor=models.GitBaseVersionDescriptor(base_version="main"),
        target_version_descriptor=models.GitTargetVersionDescriptor(target_version="topic"))
    assert (len(found.changes), found.all_changes_included) == (1, False)
