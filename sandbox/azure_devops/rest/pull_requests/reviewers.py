"""Reviewers and votes: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-reviewers."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.pull_requests.record import ACTIVE, PullRequest, Reviewer
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import git_routes, require
from sandbox.azure_devops.rest.pull_requests.view import alone, request_of, reviewer
from sandbox.http.message import Response

_BASE = "repositories/{repository}/pullRequests/{pull_request}/reviewers"
_VOTES = {10, 5, 0, -5, -10}


def routes() -> Routes:
    return git_routes(
        ("GET", _BASE, _list), ("GET", f"{_BASE}/{{reviewer}}", _get), ("PUT", f"{_BASE}/{{reviewer}}", alone(_put)),
        ("DELETE", f"{_BASE}/{{reviewer}}", alone(_remove)))


def _list(call: Call) -> dict[str, Any]:
    hosted, request = request_of(call)
    return collection(reviewer(call, hosted, request, one) for one in request.reviewers)


def _get(call: Call) -> dict[str, Any]:
    hosted, request = request_of(call)
    return reviewer(call, hosted, request, _known(call, request))


def _put(call: Call) -> dict[str, Any]:
    """Add a reviewer, or vote: which only the reviewer itself may."""
    hosted, request = _open(call)
    fields, member_id = call.fields(), call.argument("reviewer").lower()
    if call.organisation.directory.get(member_id) is None:
        message = f"The reviewer '{member_id}' is not an identity of the organization."
        raise bad_request(message, "InvalidArgumentValueException")
    before = request.reviewer(member_id) or Reviewer(member_id)
    vote = fields.get("vote", before.vote)
    if isinstance(vote, bool) or not isinstance(vote, int) or vote not in _VOTES:
        message = f"The vote {vote} is not one of 10, 5, 0, -5 and -10."
        raise bad_request(message, "InvalidArgumentValueException")
    if vote != before.vote and member_id != call.member.id:
        message = "The vote of another user cannot be changed."
        raise RestError(403, "GitPullRequestCannotVoteForOthersException", message)
    made = Reviewer(member_id, int(vote), bool(fields.get("isRequired", before.required)))
    _keep(call, hosted, request.with_reviewer(made))
    return reviewer(call, hosted, request, made)


def _remove(call: Call) -> Response:
    hosted, request = _open(call)
    gone = _known(call, request)
    rest = tuple(one for one in request.reviewers if one.id != gone.id)
    _keep(call, hosted, replace(request, reviewers=rest))
    return Response(200)


def _open(call: Call) -> tuple[Hosted, PullRequest]:
    hosted, request = request_of(call)
    require(call, hosted, "PullRequestContribute")
    if request.status != ACTIVE:
        message = "TF401181: The pull request cannot be edited due to its state."
        raise RestError(403, "GitPullRequestNotEditableException", message)
    return hosted, request


def _known(call: Call, request: PullRequest) -> Reviewer:
    found = request.reviewer(call.argument("reviewer").lower())
    if found is None:
        message = f"The reviewer '{call.argument('reviewer')}' is not one of pull request {request.id}."
        raise RestError(404, "GitPullRequestReviewerNotFoundException", message)
    return found


def _keep(call: Call, hosted: Hosted, request: PullRequest) -> None:
    requests = call.organisation.repos.pull_requests
    requests.settle(hosted, requests.put(request))
