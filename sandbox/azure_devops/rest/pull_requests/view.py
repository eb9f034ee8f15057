"""Pull requests as the routes of Azure Repos write them, and the errors about them."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.pull_requests.record import ACTIVE, PullRequest, Reviewer
from sandbox.azure_devops.rest.call import Call, Handler, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import hosted_of, projects_of, repository_url
from sandbox.azure_devops.rest.git.git_objects import commit_reference
from sandbox.azure_devops.rest.git.repositories import described as described_repository
from sandbox.azure_devops.rest.signatures import person
from sandbox.http.message import Response

_SHORT = 400


def described(call: Call, hosted: Hosted, request: PullRequest, *, short: bool = False) -> dict[str, Any]:
    """`short` is how lists write it: the description cut."""
    url = f"{repository_url(call, hosted)}/pullRequests/{request.id}"
    row = {
        "repository": described_repository(call, hosted), "pullRequestId": request.id, "codeReviewId": request.id,
        "status": request.status, "createdBy": person(call, request.creator),
        "creationDate": timestamp(request.created), "title": request.title,
        "description": request.description[:_SHORT] if short else request.description,
        "sourceRefName": request.source, "targetRefName": request.target, "mergeStatus": request.merge_status,
        "isDraft": request.draft, "mergeId": request.id, "supportsIterations": True, "url": url,
        "reviewers": [reviewer(call, hosted, request, one) for one in request.reviewers],
        "artifactId": f"vstfs:///Git/PullRequestId/{hosted.project.id}%2f{hosted.id}%2f{request.id}",
    }
    return {**row, **_commits(call, hosted, request), **_ending(call, request)}


def _commits(call: Call, hosted: Hosted, request: PullRequest) -> dict[str, Any]:
    known = {"lastMergeSourceCommit": request.source_commit, "lastMergeTargetCommit": request.target_commit,
             "lastMergeCommit": request.merge_commit}
    return {key: commit_reference(call, hosted, commit) for key, commit in known.items() if commit}


def _ending(call: Call, request: PullRequest) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if request.completion:
        row["completionOptions"] = {**request.completion, "mergeStrategy": request.strategy}
    if request.auto_complete_by and request.status == ACTIVE:
        row["autoCompleteSetBy"] = person(call, request.auto_complete_by)
    if request.status != ACTIVE:
        row |= {"closedDate": timestamp(request.closed), "closedBy": person(call, request.closed_by)}
    return row


def reviewer(call: Call, hosted: Hosted, request: PullRequest, one: Reviewer) -> dict[str, Any]:
    url = f"{repository_url(call, hosted)}/pullRequests/{request.id}/reviewers/{quote(one.id)}"
    return {**person(call, one.id), "vote": one.vote, "isRequired": one.required, "hasDeclined": False,
            "isFlagged": False, "reviewerUrl": url}


def alone(handler: Handler) -> Handler:
    """`handler` reads a pull request and writes what follows from it: nobody else does meanwhile."""
    def handle(call: Call) -> dict[str, Any] | list[Any] | Response:
        hosted, _ = _found(call)
        with call.organisation.repos.room.quiet(hosted):
            return handler(call)
    return handle


def request_of(call: Call) -> tuple[Hosted, PullRequest]:
    """The pull request of the route, with its repository, as it is now."""
    hosted, found = _found(call)
    return hosted, call.organisation.repos.pull_requests.settle(hosted, found)


def _found(call: Call) -> tuple[Hosted, PullRequest]:
    text = call.argument("pull_request")
    found = call.organisation.repos.pull_requests.get(int(text)) if text.isdigit() else None
    if found is None or found.project not in {one.id for one in projects_of(call)}:
        raise no_pull_request()
    hosted = hosted_of(call) if "repository" in call.request.arguments else visible(call, found)
    if hosted is None or hosted.id != found.repository:
        raise no_pull_request()
    return hosted, found


def visible(call: Call, request: PullRequest) -> Hosted | None:
    """The repository of a pull request, None where the caller may not see it."""
    hosted = call.organisation.repos.find(request.project, request.repository)
    if hosted is None or not call.caller.scope.reaches(request.project, request.repository):
        return None
    return hosted if call.organisation.repos.rules(hosted, call.member).allows("GenericRead") else None


def no_pull_request() -> RestError:
    message = "TF401180: The requested pull request was not found."
    return RestError(404, "GitPullRequestNotFoundException", message)


def not_valid() -> RestError:
    """What the service says of a change that no pull request takes, whatever it was."""
    message = "Invalid argument value.\r\nParameter name: The pull request to update was not valid."
    return bad_request(message, "InvalidArgumentValueException")
