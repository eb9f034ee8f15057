from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/pullRequests/1"


@pytest.fixture(autouse=True)
def churn(office: Office) -> BareRepository:
    """With an active pull request, number 1, by Anna."""
    made = office.repository("churn", {"a": b"1"})
    made.point("refs/heads/topic", made.refs()["refs/heads/main"])
    made.commit_files("refs/heads/topic", {"a": File(b"2")}, message="m", author=Author("A", "a@b.c"))
    asked = {"sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main", "title": "Topic"}
    assert office.send("POST", PATH.rpartition("/")[0], json=asked).status_code == 201
    return made


def create(office: Office, **more: Any) -> Any:
    thread = {"comments": [{"parentCommentId": 0, "content": "plan", "commentType": 1}], "status": 1, **more}
    return office.client("git").create_thread(thread, "churn", 1, "analytics")


def test_thread_keeps_its_comments_status_and_properties(office: Office) -> None:
    create(office, properties={"tool.plan": {"$type": "System.String", "$value": "dev"}})
    [found] = office.client("git").get_threads("churn", 1, "analytics")
    assert (found.status, found.properties["tool.plan"]["$value"]) == ("active", "dev")
    assert [(one.content, one.comment_type, one.author.unique_name) for one in found.comments] == [
        ("plan", "text", "anna@example.com")]


def test_thread_is_answered_and_closed(office: Office) -> None:
    client, thread = office.client("git"), create(office)
    client.create_comment({"content": "done", "parentCommentId": 1}, "churn", 1, thread.id, "analytics")
    closed = client.update_thread({"status": "fixed"}, "churn", 1, thread.id, "analytics")
    assert (closed.status, [one.content for one in closed.comments]) == ("fixed", ["plan", "done"])


def test_comment_is_changed_by_its_author_only(office: Office) -> None:
    thread = create(office)
    client = office.client("git")
    assert client.update_comment({"content": "new"}, "churn", 1, thread.id, 1, "analytics").content == "new"
    answer = office.send("PATCH", f"{PATH}/threads/{thread.id}/comments/1", "admin", json={"content": "mine"})
    assert answer.status_code == 403


def test_thread_without_comments_left_is_deleted(office: Office) -> None:
    thread = create(office)
    office.client("git").delete_comment("churn", 1, thread.id, 1, "analytics")
    [found] = office.client("git").get_threads("churn", 1, "analytics")
    assert (found.is_deleted, found.comments[0].is_deleted, found.comments[0].content) == (True, True, None)


def test_comments_are_read_by_all_and_written_by_contributors(office: Office) -> None:
    create(office)
    office.grant("ben", "PullRequestContribute", deny=True)
    assert office.send("GET", f"{PATH}/threads", "ben").json()["count"] == 1
    answer = office.send("POST", f"{PATH}/threads", "ben", json={"comments": [{"content": "x"}]})
    assert "'PullRequestContribute'" in answer.json()["message"]


@pytest.mark.parametrize("path", ["threads/9", "threads/x", "threads/9/comments/1"])
def test_thread_that_is_not_there_is_404(office: Office, path: str) -> None:
    assert office.send("GET", f"{PATH}/{path}").status_code == 404


def test_comment_that_is_not_there_is_404(office: Office) -> None:
    assert office.send("GET", f"{PATH}/threads/{create(office).id}/comments/2").status_code == 404


def test_status_of_a_tool_is_kept(office: Office) -> None:
    client = office.client("git")
    client.create_pull_request_status({"state": "succeeded", "context": {"name": "plan", "genre": "ours"}}, "churn", 1,
                                      "analytics")
    [found] = client.get_pull_request_statuses("churn", 1, "analytics")
    assert (found.state, found.context.name, found.created_by.unique_name) == ("succeeded", "plan", "anna@example.com")


def test_vote_belongs_to_whoever_votes(office: Office) -> None:
    admin = office.member("admin").id
    assert office.send("PUT", f"{PATH}/reviewers/{admin}", json={"vote": 10}).status_code == 403
    office.client("git", "admin").create_pull_request_reviewer({"vote": 10}, "churn", 1, admin, "analytics")
    [found] = office.client("git").get_pull_request_reviewers("churn", 1, "analytics")
    assert (found.unique_name, found.vote) == ("admin@example.com", 10)


def test_reviewer_is_added_and_removed(office: Office) -> None:
    client, admin = office.client("git"), office.member("admin").id
    assert client.create_pull_request_reviewer({"isRequired": True}, "churn", 1, admin, "analytics").is_required
    assert office.send("DELETE", f"{PATH}/reviewers/{admin}").status_code == 200
    assert client.get_pull_request_reviewers("churn", 1, "analytics") == []


@pytest.mark.parametrize(("reviewer", "vote"), [("nobody", 0), ("anna", 7)])
def test_vote_that_is_none_is_refused(office: Office, reviewer: str, vote: int) -> None:
    name = office.member("anna").id if reviewer == "anna" else reviewer
    assert office.send("PUT", f"{PATH}/reviewers/{name}", json={"vote": vote}).status_code == 400
