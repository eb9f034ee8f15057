"""What branch policies ask of pull requests."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.policies.configuration import (
    BUILD,
    COMMENTS,
    MERGE_STRATEGY,
    MINIMUM_REVIEWERS,
    REQUIRED_REVIEWERS,
    STATUS,
    Configuration,
)
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from tests.sandbox.azure_devops.rest.office import Office

PATH = "analytics/_apis/git/repositories/churn/pullRequests"
PIPELINE = "trigger: none\nsteps: [{{script: '{}'}}]\n"
AUTHOR = Author("A", "a@b.c")


@pytest.fixture(autouse=True)
def churn(office: Office) -> BareRepository:
    made = office.repository("churn", {"a": b"1"})
    made.point("refs/heads/topic", made.refs()["refs/heads/main"])
    write(made, {"a": b"2"})
    return made


def write(churn: BareRepository, files: dict[str, bytes]) -> None:
    content = {path: File(text) for path, text in files.items()}
    churn.commit_files("refs/heads/topic", content, message="m", author=AUTHOR)


def protect(office: Office, kind: str, **settings: Any) -> None:
    record = office.project.repositories.record("churn")
    assert record is not None
    scope = [{"repositoryId": record.id, "refName": "refs/heads/main", "matchKind": "Exact"}]
    office.organisation.repos.policies.put(Configuration(
        0, office.project.id, kind, blocking=True, enabled=True, settings={**settings, "scope": scope}))


def create(office: Office) -> None:
    asked = {"sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main", "title": "Topic"}
    assert office.send("POST", PATH, json=asked).status_code == 201


def read(office: Office) -> Any:
    return office.send("GET", f"{PATH}/1").json()


def complete(office: Office, person: str = "anna", **options: Any) -> Any:
    commit = read(office)["lastMergeSourceCommit"]
    body = {"status": "completed", "lastMergeSourceCommit": commit, "completionOptions": options}
    return office.send("PATCH", f"{PATH}/1", person, json=body)


def is_refused(answer: Any) -> bool:
    key = answer.json().get("typeKey")
    return (answer.status_code, key) == (403, "GitPullRequestUpdateRejectedByPolicyException")


def vote(office: Office, person: str, number: int) -> None:
    path = f"{PATH}/1/reviewers/{office.member(person).id}"
    assert office.send("PUT", path, person, json={"vote": number}).status_code == 200


def test_minimum_of_reviewers_must_approve(office: Office) -> None:
    protect(office, MINIMUM_REVIEWERS, minimumApproverCount=1)
    create(office)
    vote(office, "anna", 10)
    assert is_refused(complete(office))
    vote(office, "admin", 10)
    assert complete(office).status_code == 200
    assert read(office)["status"] == "completed"


def test_rejection_outweighs_approvals(office: Office) -> None:
    protect(office, MINIMUM_REVIEWERS, minimumApproverCount=1, creatorVoteCounts=True)
    create(office)
    vote(office, "anna", 10)
    vote(office, "admin", -10)
    assert is_refused(complete(office))


def test_new_commits_take_votes_back(office: Office, churn: BareRepository) -> None:
    protect(office, MINIMUM_REVIEWERS, minimumApproverCount=1, resetOnSourcePush=True)
    create(office)
    vote(office, "admin", 10)
    write(churn, {"a": b"3"})
    assert [one["vote"] for one in read(office)["reviewers"]] == [0]


def test_required_reviewer_must_approve(office: Office) -> None:
    protect(office, REQUIRED_REVIEWERS, requiredReviewerIds=[office.member("admin").id])
    create(office)
    assert is_refused(complete(office))
    vote(office, "admin", 5)
    assert complete(office).status_code == 200


@pytest.mark.parametrize(("settings", "strategy", "refused"), [
    ({"allowSquash": True}, "squash", False), ({"allowSquash": True}, "noFastForward", True),
    ({"useSquashMerge": True}, "squash", False), ({"allowRebase": True}, "rebaseMerge", True),
])
def test_merge_strategy_must_be_allowed(office: Office, settings: dict[str, bool], strategy: str,
                                        refused: bool) -> None:
    protect(office, MERGE_STRATEGY, **settings)
    create(office)
    assert is_refused(complete(office, mergeStrategy=strategy)) == refused


def test_comments_must_be_resolved(office: Office) -> None:
    protect(office, COMMENTS)
    create(office)
    office.send("POST", f"{PATH}/1/threads", json={"status": "active", "comments": [{"content": "?"}]})
    assert is_refused(complete(office))
    office.send("PATCH", f"{PATH}/1/threads/1", json={"status": "closed"})
    assert complete(office).status_code == 200


def test_status_must_be_good(office: Office) -> None:
    protect(office, STATUS, statusName="plan", statusGenre="ours")
    create(office)
    assert is_refused(complete(office))
    office.send("POST", f"{PATH}/1/statuses", json={"state": "succeeded", "context": {"name": "plan", "genre": "ours"}})
    assert complete(office).status_code == 200


def build(office: Office, churn: BareRepository, script: str) -> None:
    """A pull request whose merge is built by a policy."""
    write(churn, {"a": b"2", "ci.yml": PIPELINE.format(script).encode()})
    pipeline = office.project.library.add_pipeline("ci", "churn", "ci.yml")
    protect(office, BUILD, buildDefinitionId=pipeline.id, displayName="Tests")
    create(office)
    assert office.organisation.runs.wait(60)


def test_build_policy_builds_the_tried_merge(office: Office, churn: BareRepository) -> None:
    build(office, churn, "echo $BUILD_SOURCEBRANCH")
    [run] = office.organisation.runs.runs()
    assert (run.order.reason, run.order.ref) == ("PullRequest", "refs/pull/1/merge")
    assert run.order.commit == churn.refs()["refs/pull/1/merge"]
    assert "refs/pull/1/merge" in (run.folder / "log.txt").read_text(encoding="utf-8")
    assert complete(office).status_code == 200


def test_failed_build_keeps_the_pull_request_open(office: Office, churn: BareRepository) -> None:
    build(office, churn, "exit 1")
    assert complete(office).json()["message"] == "Tests must succeed to update main"


def test_new_commits_are_built_again(office: Office, churn: BareRepository) -> None:
    build(office, churn, "exit 1")
    write(churn, {"a": b"3", "ci.yml": PIPELINE.format("true").encode()})
    read(office)
    assert office.organisation.runs.wait(60)
    assert complete(office).status_code == 200
    assert len(office.organisation.runs.runs()) == 2


def test_auto_completion_waits_for_the_build(office: Office, churn: BareRepository) -> None:
    protect(office, MINIMUM_REVIEWERS, minimumApproverCount=1)
    build(office, churn, "true")
    body = {"autoCompleteSetBy": {"id": office.member("anna").id}, "completionOptions": {"mergeStrategy": "squash"}}
    office.send("PATCH", f"{PATH}/1", json=body)
    assert read(office)["autoCompleteSetBy"]["uniqueName"] == "anna@example.com"
    vote(office, "admin", 10)
    assert (read(office)["status"], read(office)["closedBy"]["uniqueName"]) == ("completed", "anna@example.com")


def deny_contribution(office: Office) -> None:
    """To Anna, on `main`: she may still open pull requests."""
    record = office.project.repositories.record("churn")
    assert record is not None
    token = repository_token(office.project.id, record.id, "refs/heads/main")
    office.organisation.access.grant(GIT, token, office.member("anna"), deny=GIT.bits["GenericContribute"])


def test_whoever_may_not_contribute_to_the_target_completes_nothing(office: Office) -> None:
    create(office)
    deny_contribution(office)
    assert "'GenericContribute'" in complete(office).json()["message"]
    office.send("PATCH", f"{PATH}/1", json={"autoCompleteSetBy": {"id": office.member("anna").id}})
    assert read(office)["status"] == "active"


def test_locked_target_takes_pull_requests_of_its_locker_only(office: Office) -> None:
    create(office)
    path = f"{PATH.rpartition('/')[0]}/refs?filter=heads/main"
    assert office.send("PATCH", path, "admin", json={"isLocked": True}).status_code == 200
    assert complete(office).status_code == 403
    assert complete(office, "admin").status_code == 200


def test_draft_is_not_completed_by_itself(office: Office) -> None:
    create(office)
    office.send("PATCH", f"{PATH}/1", json={"isDraft": True, "autoCompleteSetBy": {"id": office.member("anna").id}})
    assert read(office)["status"] == "active"
    office.send("PATCH", f"{PATH}/1", json={"isDraft": False})
    assert read(office)["status"] == "completed"


def test_policies_are_bypassed_by_whoever_may(office: Office) -> None:
    protect(office, MINIMUM_REVIEWERS, minimumApproverCount=1)
    office.grant("admin", "PullRequestBypassPolicy")
    create(office)
    assert is_refused(complete(office, bypassPolicy=True))
    assert complete(office, "admin", bypassPolicy=True).status_code == 200


def test_pull_requests_survive_a_restart_of_the_organisation(office: Office) -> None:
    create(office)
    vote(office, "admin", 10)
    office.organisation.close()
    again = Organisation(office.organisation.folder, {})
    found = again.repos.pull_requests.get(1)
    again.close()
    assert found is not None
    assert (found.title, [one.vote for one in found.reviewers]) == ("Topic", [10])
