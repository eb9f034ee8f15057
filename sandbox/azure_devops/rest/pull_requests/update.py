"""Changing a pull request: its texts, its completion, its end.

https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/update
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.pull_requests.merging import STRATEGIES
from sandbox.azure_devops.pull_requests.record import ABANDONED, ACTIVE, COMPLETED, QUEUED, PullRequest
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import refused, require, rules_of
from sandbox.azure_devops.rest.pull_requests.view import described, not_valid, request_of

_PLAIN = {"title": "title", "description": "description", "isDraft": "draft"}


def update(call: Call) -> dict[str, Any]:
    hosted, request = request_of(call)
    require(call, hosted, "PullRequestContribute")
    fields = call.fields()
    if request.status == COMPLETED:
        message = "TF401181: The pull request cannot be edited due to its state."
        raise RestError(403, "GitPullRequestNotEditableException", message)
    wanted = _with_options(call, _with_texts(request, fields), fields)
    status = str(fields.get("status") or request.status)
    if status == COMPLETED:
        return _complete(call, hosted, wanted, fields)
    if status == ABANDONED and request.status == ACTIVE:
        wanted = replace(wanted, status=ABANDONED, closed=call.organisation.clock.now(), closed_by=call.member.id,
                         auto_complete_by="")
    elif status == ACTIVE and request.status == ABANDONED:
        wanted = _reactivated(hosted, wanted)
    elif status != request.status:
        raise not_valid()
    requests = call.organisation.repos.pull_requests
    answer = described(call, hosted, requests.put(wanted))
    requests.settle(hosted, wanted)
    return answer


def _with_texts(request: PullRequest, fields: Mapping[str, Any]) -> PullRequest:
    changes: dict[str, Any] = {name: fields[key] for key, name in _PLAIN.items() if fields.get(key) is not None}
    if fields.get("targetRefName"):
        changes |= {"target": str(fields["targetRefName"]), "merge_status": QUEUED}
    return replace(request, **changes)


def _with_options(call: Call, request: PullRequest, fields: Mapping[str, Any]) -> PullRequest:
    options = fields.get("completionOptions")
    if isinstance(options, dict):
        request = replace(request, completion={**request.completion, **options})
        if request.strategy not in STRATEGIES:
            message = f"The merge strategy '{request.strategy}' is not one of {', '.join(STRATEGIES)}."
            raise bad_request(message, "InvalidArgumentValueException")
    setter = fields.get("autoCompleteSetBy")
    if isinstance(setter, dict):
        member_id = str(setter.get("id") or "")
        by = call.member.id if member_id.strip("0-") else ""
        return replace(request, auto_complete_by=by)
    return request


def _reactivated(hosted: Hosted, request: PullRequest) -> PullRequest:
    refs = hosted.git.refs()
    if request.source not in refs or request.target not in refs:
        message = ("TF401398: The pull request cannot be activated because the source and/or the target branch no "
                   "longer exists, or the requested refs are not branches")
        raise bad_request(message, "GitPullRequestCannotBeActivated")
    return replace(request, status=ACTIVE, merge_status=QUEUED, closed=0.0, closed_by="")


def _complete(call: Call, hosted: Hosted, request: PullRequest, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The answer says that it is queued; the next one that it is done, or why not."""
    commit = str((fields.get("lastMergeSourceCommit") or {}).get("commitId") or "")
    if not commit or request.draft or request.status != ACTIVE:
        raise not_valid()
    if commit != request.source_commit:
        message = "TF401192: The source branch has been modified since the last merge attempt."
        raise RestError(409, "GitPullRequestStaleException", message)
    refusal = rules_of(call, hosted).merge_refusal(request.target)
    if refusal:
        raise refused(refusal)
    requests = call.organisation.repos.pull_requests
    open_points = requests.unmet(hosted, request)
    if open_points and not _bypasses(call, hosted, request):
        raise RestError(403, "GitPullRequestUpdateRejectedByPolicyException", "; ".join(open_points))
    queued = requests.put(replace(request, merge_status=QUEUED, auto_complete_by=""))
    answer = described(call, hosted, queued)
    requests.complete(hosted, queued, call.member)
    return answer


def _bypasses(call: Call, hosted: Hosted, request: PullRequest) -> bool:
    rules = call.organisation.repos.rules(hosted, call.member)
    return bool(request.completion.get("bypassPolicy")) and rules.allows("PullRequestBypassPolicy", request.target)
