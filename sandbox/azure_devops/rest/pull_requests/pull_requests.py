"""Pull requests: https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.git.commits import log, merge_bases
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import HEADS
from sandbox.azure_devops.pull_requests.record import ACTIVE, PullRequest, Reviewer
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git import git_objects
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of, projects_of, require
from sandbox.azure_devops.rest.pull_requests.update import update
from sandbox.azure_devops.rest.pull_requests.view import alone, described, request_of, visible
from sandbox.azure_devops.rest.shapes import mapping, objects, rows
from sandbox.http.message import Response, json_response

_REPOSITORY = "repositories/{repository}/pullRequests"
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 400, 4000
_CRITERIA = {"sourceRefName": "source", "targetRefName": "target", "creatorId": "creator",
             "repositoryId": "repository", "sourceRepositoryId": "repository"}


def routes() -> Routes:
    return git_routes(
        ("POST", _REPOSITORY, _create), ("GET", _REPOSITORY, _list), ("GET", "pullRequests", _list),
        ("GET", f"{_REPOSITORY}/{{pull_request}}", _get), ("GET", "pullRequests/{pull_request}", _get),
        ("PATCH", f"{_REPOSITORY}/{{pull_request}}", alone(update)),
        ("PATCH", "pullRequests/{pull_request}", alone(update)),
        ("GET", f"{_REPOSITORY}/{{pull_request}}/commits", _commits),
        ("POST", "repositories/{repository}/pullRequestQuery", _query))


def _create(call: Call) -> Response:
    hosted, fields = hosted_of(call), call.fields()
    require(call, hosted, "PullRequestContribute")
    asked = _asked(call, hosted, fields)
    requests = call.organisation.repos.pull_requests
    with call.organisation.repos.room.quiet(hosted):
        if any((one.source, one.target) == (asked.source, asked.target) for one in requests.active(hosted)):
            message = "TF401179: An active pull request for the source and target branch already exists."
            raise RestError(409, "GitPullRequestExistsException", message)
        made = requests.put(asked)
    answer = described(call, hosted, made)
    requests.settle(hosted, made)
    return json_response(answer, 201)


def _asked(call: Call, hosted: Hosted, fields: dict[str, Any]) -> PullRequest:
    source, target = str(fields.get("sourceRefName") or ""), str(fields.get("targetRefName") or "")
    refs = hosted.git.refs()
    if source not in refs or target not in refs or not (source.startswith(HEADS) and target.startswith(HEADS)):
        message = ("TF401398: The pull request cannot be activated because the source and/or the target branch no "
                   "longer exists, or the requested refs are not branches")
        raise bad_request(message, "GitPullRequestCannotBeActivated")
    if source == target:
        message = "The source and the target of a pull request must be different branches."
        raise bad_request(message, "InvalidArgumentValueException")
    title, description = str(fields.get("title") or ""), str(fields.get("description") or "")
    if not title.strip() or len(title) > _LONGEST_TITLE or len(description) > _LONGEST_DESCRIPTION:
        message = (f"A pull request needs a title of at most {_LONGEST_TITLE} characters and a description of at most "
                   f"{_LONGEST_DESCRIPTION}.")
        raise bad_request(message, "InvalidArgumentValueException")
    return PullRequest(
        0, hosted.project.id, hosted.id, title, source, target, call.member.id, call.organisation.clock.now(),
        description, draft=bool(fields.get("isDraft")), source_commit=refs[source], target_commit=refs[target],
        completion=mapping(fields.get("completionOptions"), "completionOptions"), reviewers=_reviewers(call, fields))


def _reviewers(call: Call, fields: dict[str, Any]) -> tuple[Reviewer, ...]:
    asked = objects(fields.get("reviewers"), "reviewers")
    wanted = [(str(one.get("id") or ""), bool(one.get("isRequired"))) for one in asked]
    for member_id, _ in wanted:
        if call.organisation.directory.get(member_id) is None:
            message = f"The reviewer '{member_id}' is not an identity of the organization."
            raise bad_request(message, "InvalidArgumentValueException")
    return tuple(Reviewer(member_id, required=required) for member_id, required in wanted)


def _get(call: Call) -> dict[str, Any]:
    hosted, request = request_of(call)
    return described(call, hosted, request)


def _commits(call: Call) -> dict[str, Any]:
    """What the source has and the target had not, newest first."""
    hosted, request = request_of(call)
    found = log(hosted.git, request.source_commit, f"^{request.target_commit}")
    skip, top = call.number("$skip", 0), call.number("$top", 100)
    return collection(git_objects.commit(call, hosted, one) for one in found[skip:skip + top])


def _list(call: Call) -> dict[str, Any]:
    """Newest first; only active ones where no status is asked for."""
    found = [row for row in _visible(call) if _fits(call, row[1])]
    skip, top = call.number("$skip", 0), call.number("$top", 100)
    return collection(described(call, hosted, one, short=True) for hosted, one in found[skip:skip + top])


def _visible(call: Call) -> list[tuple[Hosted, PullRequest]]:
    requests = call.organisation.repos.pull_requests
    if "repository" in call.request.arguments:
        hosted = hosted_of(call)
        requests.refresh(hosted)
        return [(hosted, one) for one in requests.of_repository(hosted)]
    rows = [(visible(call, one), one) for project in projects_of(call) for one in requests.of_project(project.id)]
    return [(hosted, requests.settle(hosted, one)) for hosted, one in rows if hosted]


def _fits(call: Call, request: PullRequest) -> bool:
    status = (call.query("searchCriteria.status") or ACTIVE).casefold()
    if status not in {"all", "notset"} and request.status != status:
        return False
    reviewer = call.query("searchCriteria.reviewerId")
    if reviewer and request.reviewer(reviewer) is None:
        return False
    asked = ((call.query(f"searchCriteria.{key}"), getattr(request, name)) for key, name in _CRITERIA.items())
    return all(wanted in {None, "", known} for wanted, known in asked)


def _query(call: Call) -> dict[str, Any]:
    """The pull requests that brought a commit: as their merge, or as one of the commits merged."""
    hosted, fields = hosted_of(call), call.fields()
    queries = objects(fields.get("queries"), "queries")
    return {"queries": queries, "results": [_answer(call, hosted, one) for one in queries]}


def _answer(call: Call, hosted: Hosted, query: dict[str, Any]) -> dict[str, Any]:
    mine = call.organisation.repos.pull_requests.of_repository(hosted)
    by_merge = str(query.get("type")).casefold() in {"lastmergecommit", "1"}
    found = {item: [one for one in mine if (one.merge_commit == item if by_merge else _brought(hosted, one, item))]
             for item in map(str, rows(query.get("items"), "items"))}
    return {item: [described(call, hosted, one, short=True) for one in those] for item, those in found.items() if those}


def _brought(hosted: Hosted, request: PullRequest, commit: str) -> bool:
    in_source = commit in merge_bases(hosted.git, commit, request.source_commit)
    return in_source and commit not in merge_bases(hosted.git, commit, request.target_commit)
