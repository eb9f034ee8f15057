"""Pushes: https://learn.microsoft.com/rest/api/azure/devops/git/pushes."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.commit_making import make_commits
from sandbox.azure_devops.git.commits import commit_record
from sandbox.azure_devops.git.file_changes import ChangeRefusedError
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.push_log import PushRecord
from sandbox.azure_devops.git.ref_change import HEADS, RefChange
from sandbox.azure_devops.git.ref_names import conflict, is_valid
from sandbox.azure_devops.git.ref_updates import move_ref
from sandbox.azure_devops.git.refs_listing import commit_of
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git import git_objects
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of, refused, repository_url, rules_of
from sandbox.azure_devops.rest.git.push_form import asked_commits, asked_ref
from sandbox.azure_devops.rest.git.repositories import described
from sandbox.azure_devops.rest.signatures import person
from sandbox.http.message import Response, json_response


def routes() -> Routes:
    return git_routes(
        ("POST", "repositories/{repository}/pushes", _create), ("GET", "repositories/{repository}/pushes", _list),
        ("GET", "repositories/{repository}/pushes/{push}", _get))


def _create(call: Call) -> Response:
    """One ref, new commits on top of what it points to; all of it or nothing."""
    hosted, fields = hosted_of(call), call.fields()
    (name, old), commits = asked_ref(fields), asked_commits(call, fields)
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


def _check_name(name: str, known: Collection[str], *, creates: bool) -> None:
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
