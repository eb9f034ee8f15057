"""Pushes: https://learn.microsoft.com/rest/api/azure/devops/git/pushes."""
from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.commit_making import NewCommit, make_commits
from sandbox.azure_devops.git.commits import Signature, commit_record
from sandbox.azure_devops.git.file_changes import ChangeRefusedError, FileChange
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.push_log import PushRecord
from sandbox.azure_devops.git.ref_change import HEADS, RefChange
from sandbox.azure_devops.git.ref_names import conflict, is_valid
from sandbox.azure_devops.git.ref_updates import move_ref
from sandbox.azure_devops.git.refs_listing import commit_of
from sandbox.azure_devops.rest import git_objects
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.hosting import git_routes, hosted_of, person, refused, repository_url, rules_of
from sandbox.azure_devops.rest.refs import object_id
from sandbox.azure_devops.rest.repositories import described
from sandbox.http.message import Response, json_response

_NUMBERS = {1: "add", 2: "edit", 8: "rename", 16: "delete"}


def routes() -> Routes:
    return git_routes(
        ("POST", "repositories/{repository}/pushes", _create), ("GET", "repositories/{repository}/pushes", _list),
        ("GET", "repositories/{repository}/pushes/{push}", _get))


def _create(call: Call) -> Response:
    """One ref, new commits on top of what it points to; all of it or nothing."""
    hosted, fields = hosted_of(call), call.fields()
    name, old = _asked_ref(fields)
    commits = [_new_commit(call, one) for one in _rows(fields, "commits")]
    rules = rules_of(call, hosted)
    with call.organisation.repos.room.turn(hosted, call.member) as turn:
        current = turn.before.get(name, NO_COMMIT)
        refusal = rules.refusal(RefChange(name, current, "f" * 40))
        if refusal:
            raise refused(refusal)
        _check_name(name, turn.before, creates=current == NO_COMMIT)
        base = _base(hosted, name, current, old)
        try:
            made = make_commits(hosted.git, base, commits)
        except ChangeRefusedError as error:
            raise _unfit(error) from error
        move_ref(hosted.git, RefChange(name, current, made[-1]))
    assert turn.push is not None  # noqa: S101 - a new commit moves the ref
    return json_response({**_described(call, hosted, turn.push), "commits": _commits(call, hosted, made)}, 201)


def _asked_ref(fields: dict[str, Any]) -> tuple[str, str]:
    updates = _rows(fields, "refUpdates")
    if len(updates) != 1:
        message = "A push over REST updates exactly one ref."
        raise bad_request(message)
    name, old = updates[0].get("name"), updates[0].get("oldObjectId")
    if not isinstance(name, str) or not old:
        message = f"Value cannot be null. Parameter name: {'oldObjectId' if name else 'name'}"
        raise bad_request(message, "ArgumentNullException")
    return name, object_id(old)


def _rows(fields: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = fields.get(key)
    if not isinstance(rows, list) or not rows or not all(isinstance(one, dict) for one in rows):
        message = f"Value cannot be null. Parameter name: {key}"
        raise bad_request(message, "ArgumentNullException")
    return rows


def _check_name(name: str, known: Any, *, creates: bool) -> None:  # noqa: ANN401
    if not is_valid(name) or not name.startswith(HEADS):
        message = f"The name '{name}' is not valid for a branch, expected 'refs/heads/' and a name that git allows."
        raise bad_request(message, "InvalidArgumentValueException")
    other = conflict(name, known) if creates else None
    if other:
        message = f"The branch '{name}' cannot be created: the branch '{other}' is in its way."
        raise RestError(409, "GitRefNameConflictException", message)


def _base(hosted: Hosted, name: str, current: str, old: str) -> str | None:
    """The commit to stand on: the tip of the branch or, for a new one, whatever commit is named; None is a root."""
    if current != NO_COMMIT:
        if current != old:
            message = (f"TF401028: The reference '{name}' has already been updated by another client, so you cannot "
                       "update it. Please try again.")
            raise RestError(409, "GitReferenceStaleException", message)
        return current
    if old == NO_COMMIT:
        return None
    if commit_of(hosted.git, old) != old:
        # 500, as in https://github.com/mburumaxwell/paklo/issues/1413
        message = f"TF401035: The object '{old}' does not exist."
        raise RestError(500, "GitObjectDoesNotExistException", message)
    return old


def _unfit(error: ChangeRefusedError) -> RestError:
    if error.missing:
        message = f"TF401174: The item '/{error.missing}' could not be found in the repository."
        return RestError(404, "GitItemNotFoundException", message)
    return bad_request(str(error))


def _new_commit(call: Call, posted: dict[str, Any]) -> NewCommit:
    changes = tuple(_file_change(one) for one in _rows(posted, "changes"))
    return NewCommit(str(posted.get("comment") or ""), changes, _who(call, posted.get("author")),
                     _who(call, posted.get("committer")))


def _who(call: Call, posted: object) -> Signature:
    given = posted if isinstance(posted, dict) else {}
    return Signature(str(given.get("name") or call.member.display_name), str(given.get("email") or call.member.name),
                     int(call.organisation.clock.now()))


def _file_change(posted: dict[str, Any]) -> FileChange:
    kind = posted.get("changeType")
    number = kind if isinstance(kind, int) else 0
    named = {name for bit, name in _NUMBERS.items() if number & bit}
    kinds = named or {word.strip().casefold() for word in str(kind or "").split(",")}
    if not kinds or kinds - set(_NUMBERS.values()):
        message = f"The change type '{kind}' is not one of add, edit, delete and rename."
        raise bad_request(message, "InvalidArgumentValueException")
    content = None if kinds in ({"delete"}, {"rename"}) else _content(posted)
    return FileChange(frozenset(kinds), _path((posted.get("item") or {}).get("path")), content,
                      _path(posted.get("sourceServerItem")) if "rename" in kinds else "")


def _path(posted: object) -> str:
    if not isinstance(posted, str) or not posted.strip("/"):
        message = "Value cannot be null. Parameter name: path"
        raise bad_request(message, "ArgumentNullException")
    return posted.removeprefix("/")


def _content(posted: dict[str, Any]) -> bytes:
    new = posted.get("newContent")
    if not isinstance(new, dict) or not isinstance(new.get("content"), str):
        message = "Value cannot be null. Parameter name: newContent"
        raise bad_request(message, "ArgumentNullException")
    text = str(new["content"])
    if str(new.get("contentType") or "rawtext").casefold() in {"rawtext", "0"}:
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        message = "The content of a change is not Base64, as its contentType 'base64encoded' says."
        raise bad_request(message, "FormatException") from error


def _list(call: Call) -> dict[str, Any]:
    hosted = hosted_of(call)
    ref, pusher = call.query("searchCriteria.refName"), call.query("searchCriteria.pusherId")
    found = [one for one in call.organisation.repos.pushes.of(hosted.id)
             if (not pusher or one.pusher == pusher) and (not ref or any(change.name == ref for change in one.changes))]
    skip, top = call.number("$skip", 0), call.number("$top", 100)
    with_refs = (call.query("searchCriteria.includeRefUpdates") or "").casefold() == "true"
    return collection(_described(call, hosted, one, refs=with_refs) for one in found[skip:skip + top])


def _get(call: Call) -> dict[str, Any]:
    hosted = hosted_of(call)
    found = next((one for one in call.organisation.repos.pushes.of(hosted.id) if str(one.id) == call.argument("push")),
                 None)
    if found is None:
        message = f"The push {call.argument('push')} does not exist in the repository '{hosted.name}'."
        raise RestError(404, "GitPushNotFoundException", message)
    return _described(call, hosted, found)


def _described(call: Call, hosted: Hosted, push: PushRecord, *, refs: bool = True) -> dict[str, Any]:
    row = {"pushId": push.id, "date": timestamp(push.time), "pushedBy": person(call, push.pusher),
           "repository": described(call, hosted), "url": f"{repository_url(call, hosted)}/pushes/{push.id}"}
    updates = [{"repositoryId": hosted.id, "name": one.name, "oldObjectId": one.old, "newObjectId": one.new}
               for one in push.changes]
    return {**row, "refUpdates": updates} if refs else row


def _commits(call: Call, hosted: Hosted, made: list[str]) -> list[dict[str, Any]]:
    """Newest first."""
    return [git_objects.commit(call, hosted, commit_record(hosted.git, one)) for one in reversed(made)]
