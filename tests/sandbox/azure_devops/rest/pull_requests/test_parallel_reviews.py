"""Sixteen clients change one pull request at once: nothing that was said is lost."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.security.defaults import CONTRIBUTORS
from sandbox.pipelines.request import Identity
from tests.sandbox.azure_devops.rest.office import Office
from tests.sandbox.azure_devops.rest.test_parallel_clients import CLIENTS, at_once

PATH = "analytics/_apis/git/repositories/churn/pullRequests/1"


@pytest.fixture(autouse=True)
def _request(office: Office) -> None:
    """Active, number 1, by Anna."""
    made = office.repository("churn", {"a": b"1"})
    made.point("refs/heads/topic", made.refs()["refs/heads/main"])
    made.commit_files("refs/heads/topic", {"a": File(b"2")}, message="m", author=Author("A", "a@b.c"))
    asked = {"sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main", "title": "Topic"}
    assert office.send("POST", PATH.rpartition("/")[0], json=asked).status_code == 201


def test_every_status_is_kept_under_a_number_of_its_own(office: Office) -> None:
    at_once(lambda number: office.send("POST", f"{PATH}/statuses", json={
        "state": "succeeded", "context": {"name": f"tool {number}"}}))
    kept = office.send("GET", f"{PATH}/statuses").json()["value"]
    assert [one["id"] for one in kept] == list(range(1, CLIENTS + 1))
    assert len({one["context"]["name"] for one in kept}) == CLIENTS


def test_every_reviewer_is_kept(office: Office) -> None:
    directory = office.organisation.directory
    ids = [directory.add_user(Identity(f"P {number}", f"p{number}@example.com")).id for number in range(CLIENTS)]
    at_once(lambda number: office.send("PUT", f"{PATH}/reviewers/{ids[number]}", json={"vote": 0}))
    assert {one["id"] for one in office.send("GET", PATH).json()["reviewers"]} == set(ids)


def test_votes_and_changes_of_the_request_do_not_undo_each_other(office: Office) -> None:
    directory = office.organisation.directory
    group = directory.find(f"[{office.project.name}]\\{CONTRIBUTORS}")
    assert group is not None
    directory.join(office.member("ben"), group)
    ben = office.member("ben").id
    changes: list[tuple[str, str, str, dict[str, Any]]] = [
        ("PATCH", PATH, "anna", {"completionOptions": {f"option{number}": True}}) for number in range(CLIENTS)]
    changes[CLIENTS // 2] = ("PUT", f"{PATH}/reviewers/{ben}", "ben", {"vote": 10})
    at_once(lambda number: office.send(*changes[number][:3], json=changes[number][3]))
    found = office.send("GET", PATH).json()
    assert [one["vote"] for one in found["reviewers"]] == [10]
    assert sum(name.startswith("option") for name in found["completionOptions"]) == CLIENTS - 1


def test_every_comment_and_property_of_a_thread_is_kept(office: Office) -> None:
    office.send("POST", f"{PATH}/threads", json={"comments": [{"content": "plan"}], "status": "active"})

    def change(number: int) -> int:
        if number % 2:
            return office.send("POST", f"{PATH}/threads/1/comments", json={"content": str(number)}).status_code
        return office.send("PATCH", f"{PATH}/threads/1", json={"properties": {f"p{number}": number}}).status_code

    assert set(at_once(change)) == {200}
    found = office.send("GET", f"{PATH}/threads/1").json()
    assert (len(found["comments"]), len(found["properties"])) == (1 + CLIENTS // 2, CLIENTS // 2)


def test_what_was_said_after_a_request_was_read_outlives_its_next_merge(office: Office) -> None:
    repos = office.organisation.repos
    hosted, read = repos.find("analytics", "churn"), repos.pull_requests.get(1)
    assert hosted is not None
    assert read is not None
    office.send("PUT", f"{PATH}/reviewers/{office.member('anna').id}", json={"vote": 10})
    hosted.git.commit_files("refs/heads/topic", {"a": File(b"3")}, message="m", author=Author("A", "a@b.c"))
    settled = repos.pull_requests.settle(hosted, read)
    assert [one.vote for one in settled.reviewers] == [10]
