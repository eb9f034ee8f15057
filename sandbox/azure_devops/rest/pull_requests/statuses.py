"""What tools say about pull requests: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-statuses."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.azure_devops.pull_requests.record import StatusPost
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import bad_request
from sandbox.azure_devops.rest.git.git_call import git_routes, require
from sandbox.azure_devops.rest.pull_requests.view import alone, request_of
from sandbox.azure_devops.rest.shapes import mapping
from sandbox.azure_devops.rest.signatures import person

_PATH = "repositories/{repository}/pullRequests/{pull_request}/statuses"


def routes() -> Routes:
    return git_routes(("GET", _PATH, _list), ("POST", _PATH, alone(_create)))


def _list(call: Call) -> dict[str, Any]:
    _, request = request_of(call)
    return collection(_described(call, one) for one in request.statuses)


def _create(call: Call) -> dict[str, Any]:
    hosted, request = request_of(call)
    require(call, hosted, "PullRequestContribute")
    fields = call.fields()
    context = mapping(fields.get("context"), "context")
    if not context.get("name") or not fields.get("state"):
        message = "A status needs a state and a context with a name."
        raise bad_request(message, "ArgumentException")
    made = StatusPost(len(request.statuses) + 1, str(fields["state"]), str(context["name"]),
                      str(context.get("genre") or ""), call.member.id, call.organisation.clock.now(),
                      str(fields.get("description") or ""), str(fields.get("targetUrl") or ""))
    call.organisation.repos.pull_requests.put(replace(request, statuses=(*request.statuses, made)))
    return _described(call, made)


def _described(call: Call, one: StatusPost) -> dict[str, Any]:
    return {"id": one.id, "state": one.state, "description": one.description, "targetUrl": one.url,
            "context": {"name": one.name, "genre": one.genre}, "createdBy": person(call, one.creator),
            "creationDate": timestamp(one.time), "updatedDate": timestamp(one.time)}
