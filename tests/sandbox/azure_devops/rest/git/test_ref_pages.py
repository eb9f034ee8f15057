"""The exact shape of a ref and of its change, and how many come at once."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, BareRepository
from sandbox.azure_devops.git.git_process import run_git
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/refs"


@pytest.fixture
def churn(office: Office) -> BareRepository:
    return office.repository("churn", {"a.txt": b"1"})


def many(churn: BareRepository, count: int) -> None:
    """`count` branches besides `main`, in one process."""
    tip = churn.refs()["refs/heads/main"]
    lines = "".join(f"create refs/heads/b{number:04} {tip}\n" for number in range(count))
    run_git("update-ref", "--stdin", folder=churn.path, stdin=lines.encode())


def test_ref_has_a_creator_and_a_url_and_nothing_of_locks(office: Office, churn: BareRepository) -> None:
    [found] = office.send("GET", PATH).json()["value"]
    assert set(found) == {"name", "objectId", "creator", "url"}
    assert (found["name"], found["objectId"]) == ("refs/heads/main", churn.refs()["refs/heads/main"])


def test_change_of_a_ref_is_told_whole(office: Office, churn: BareRepository) -> None:
    tip = churn.refs()["refs/heads/main"]
    asked = {"name": "refs/heads/x", "oldObjectId": NO_COMMIT, "newObjectId": tip}
    [told] = office.send("POST", PATH, json=[asked]).json()["value"]
    assert told.pop("repositoryId")
    assert told == {**asked, "isLocked": False, "updateStatus": "succeeded", "success": True}


@pytest.mark.parametrize(("query", "count"), [
    ({}, 1002), ({"continuationToken": "refs/heads/"}, 100), ({"$top": "2000"}, 1000), ({"$top": "3"}, 3),
], ids=["nothing asked", "only a token", "more than there may be", "few"])
def test_page_holds(office: Office, churn: BareRepository, query: dict[str, str], count: int) -> None:
    many(churn, 1001)
    answer = office.send("GET", PATH, params=query)
    assert (answer.json()["count"], "x-ms-continuationtoken" in answer.headers) == (count, count < 1002)


def test_hundred_differences_come_unless_more_are_asked_for(office: Office, churn: BareRepository) -> None:
    tip = churn.refs()["refs/heads/main"]
    changes = [{"changeType": "add", "item": {"path": f"/f{number}"},
                "newContent": {"content": "x", "contentType": "rawtext"}} for number in range(101)]
    office.send("POST", PATH.replace("refs", "pushes"), json={
        "refUpdates": [{"name": "refs/heads/x", "oldObjectId": tip}],
        "commits": [{"comment": "c", "changes": changes}]})
    asked = {"baseVersion": "main", "targetVersion": "x"}
    counts = [len(office.send("GET", PATH.replace("refs", "diffs/commits"), params={**asked, **more}).json()["changes"])
              for more in ({}, {"$top": "200"})]
    assert counts == [100, 101]
