"""Threads and comments: https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.azure_devops.pull_requests.record import PullRequest
from sandbox.azure_devops.pull_requests.threads import Comment, Thread
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import git_routes, require
from sandbox.azure_devops.rest.pull_requests.view import alone, request_of
from sandbox.azure_devops.rest.shapes import mapping, number, objects
from sandbox.azure_devops.rest.signatures import person

_BASE = "repositories/{repository}/pullRequests/{pull_request}"
_THREAD = f"{_BASE}/threads/{{thread}}"
_STATUSES = ("unknown", "active", "fixed", "wontFix", "closed", "byDesign", "pending")
_KINDS = ("unknown", "text", "codeChange", "system")


def routes() -> Routes:
    return git_routes(
        ("GET", f"{_BASE}/threads", _list), ("POST", f"{_BASE}/threads", _create),
        ("GET", _THREAD, _get), ("PATCH", _THREAD, alone(_update)),
        ("GET", f"{_THREAD}/comments", _comments), ("POST", f"{_THREAD}/comments", alone(_add)),
        ("GET", f"{_THREAD}/comments/{{comment}}", _get_comment),
        ("PATCH", f"{_THREAD}/comments/{{comment}}", alone(_edit)),
        ("DELETE", f"{_THREAD}/comments/{{comment}}", alone(_remove)))


def _list(call: Call) -> dict[str, Any]:
    _, request = request_of(call)
    return collection(_described(call, one) for one in call.organisation.repos.threads.of(request.id))


def _create(call: Call) -> dict[str, Any]:
    request, fields = _writable(call), call.fields()
    now = call.organisation.clock.now()
    posted = objects(fields.get("comments"), "comments")
    if not posted:
        message = "A thread needs at least one comment."
        raise bad_request(message, "ArgumentException")
    comments = tuple(_comment(call, place, one) for place, one in enumerate(posted, 1))
    thread = Thread(0, request.id, now, now, _word(fields.get("status"), _STATUSES), comments,
                    mapping(fields.get("properties"), "properties"),
                    mapping(fields.get("threadContext"), "threadContext"))
    return _described(call, call.organisation.repos.threads.put(thread))


def _get(call: Call) -> dict[str, Any]:
    return _described(call, _thread(call))


def _update(call: Call) -> dict[str, Any]:
    _writable(call)
    thread, fields = _thread(call), call.fields()
    changed = replace(thread, updated=call.organisation.clock.now(),
                      status=_word(fields.get("status"), _STATUSES) or thread.status,
                      properties={**thread.properties, **mapping(fields.get("properties"), "properties")})
    return _described(call, call.organisation.repos.threads.put(changed))


def _comments(call: Call) -> dict[str, Any]:
    return collection(_described_comment(call, one) for one in _thread(call).comments)


def _add(call: Call) -> dict[str, Any]:
    _writable(call)
    thread = _thread(call)
    made = _comment(call, len(thread.comments) + 1, call.fields())
    call.organisation.repos.threads.put(thread.with_comment(made))
    return _described_comment(call, made)


def _get_comment(call: Call) -> dict[str, Any]:
    return _described_comment(call, _one_comment(call, _thread(call)))


def _edit(call: Call) -> dict[str, Any]:
    """Only whoever wrote a comment changes it."""
    return _changed(call, content=str(call.fields().get("content") or ""))


def _remove(call: Call) -> dict[str, Any]:
    return _changed(call, deleted=True, content="")


def _changed(call: Call, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a comment
    _writable(call)
    thread = _thread(call)
    comment = _one_comment(call, thread)
    if comment.author != call.member.id:
        message = "A comment can only be changed by its author."
        raise RestError(403, "CommentUpdateNotAllowedException", message)
    made = replace(comment, updated=call.organisation.clock.now(), **changes)
    call.organisation.repos.threads.put(thread.with_comment(made))
    return _described_comment(call, made)


def _writable(call: Call) -> PullRequest:
    hosted, request = request_of(call)
    require(call, hosted, "PullRequestContribute")
    return request


def _thread(call: Call) -> Thread:
    _, request = request_of(call)
    text = call.argument("thread")
    found = call.organisation.repos.threads.get(request.id, int(text)) if text.isdigit() else None
    if found is None:
        message = f"The thread {text} does not exist in pull request {request.id}."
        raise RestError(404, "DiscussionThreadNotFoundException", message)
    return found


def _one_comment(call: Call, thread: Thread) -> Comment:
    text = call.argument("comment")
    found = thread.comment(int(text)) if text.isdigit() else None
    if found is None:
        message = f"The comment {text} does not exist in thread {thread.id}."
        raise RestError(404, "CommentNotFoundException", message)
    return found


def _comment(call: Call, place: int, posted: dict[str, Any]) -> Comment:
    now = call.organisation.clock.now()
    parent = number(posted.get("parentCommentId") or 0, "parentCommentId")
    return Comment(place, call.member.id, str(posted.get("content") or ""), now, now, parent,
                   _word(posted.get("commentType"), _KINDS) or "text")


def _word(posted: object, words: tuple[str, ...]) -> str:
    """A closed set that may be sent as a number, too; empty where nothing is sent."""
    if isinstance(posted, int) and 0 <= posted < len(words):
        return words[posted]
    known = {word.casefold(): word for word in words}
    return known.get(str(posted or "").casefold(), "")


def _described(call: Call, thread: Thread) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": thread.id, "publishedDate": timestamp(thread.published), "lastUpdatedDate": timestamp(thread.updated),
        "comments": [_described_comment(call, one) for one in thread.comments], "isDeleted": thread.is_deleted,
        "threadContext": thread.context or None, "properties": thread.properties, "identities": None}
    return {**row, "status": thread.status} if thread.status else row


def _described_comment(call: Call, comment: Comment) -> dict[str, Any]:
    row = {"id": comment.id, "parentCommentId": comment.parent, "author": person(call, comment.author),
           "publishedDate": timestamp(comment.published), "lastUpdatedDate": timestamp(comment.updated),
           "lastContentUpdatedDate": timestamp(comment.updated), "commentType": comment.kind, "usersLiked": []}
    return {**row, "isDeleted": True} if comment.deleted else {**row, "content": comment.content}
