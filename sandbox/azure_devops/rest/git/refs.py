"""Branches and tags: https://learn.microsoft.com/rest/api/azure/devops/git/refs."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import RefChange
from sandbox.azure_devops.git.ref_names import is_object_id
from sandbox.azure_devops.git.ref_updates import GOOD, update_ref
from sandbox.azure_devops.git.refs_listing import Ref, listed_refs
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of, repository_url, require, rules_of
from sandbox.azure_devops.rest.pages import TOKEN_HEADER
from sandbox.azure_devops.rest.signatures import person
from sandbox.http.message import Response, json_response

_MOST, _WITH_TOKEN = 1000, 100


def routes() -> Routes:
    return git_routes(
        ("GET", "repositories/{repository}/refs", _list), ("POST", "repositories/{repository}/refs", _update),
        ("PATCH", "repositories/{repository}/refs", _lock),
        ("GET", "repositories/{repository}/refs/{filter...}", _list))


def _list(call: Call) -> Response:
    hosted = hosted_of(call)
    call.organisation.repos.pull_requests.refresh(hosted)  # what only waited for a run may be complete by now
    prefix = f"refs/{call.request.arguments.get('filter') or call.query('filter') or ''}"
    refs = [one for one in listed_refs(hosted.git, prefix) if (call.query("filterContains") or "") in one.name]
    token, top = call.query("continuationToken"), call.query("$top")
    rest = [one for one in refs if one.name >= unquote(token or "")]
    limit = min(call.number("$top", _MOST), _MOST) if top is not None else _WITH_TOKEN if token else len(rest)
    headers = {TOKEN_HEADER: quote(rest[limit].name)} if len(rest) > limit else {}
    return json_response(collection(_described(call, hosted, one) for one in rest[:limit]), headers=headers)


def _described(call: Call, hosted: Hosted, ref: Ref) -> dict[str, Any]:
    known = call.organisation.repos.records.get(hosted.id, ref.name)
    url = f"{repository_url(call, hosted)}/refs?filter={quote(ref.name.removeprefix('refs/'))}"
    row: dict[str, Any] = {"name": ref.name, "objectId": ref.object_id, "creator": person(call, known.creator),
                           "url": url}
    if ref.peeled and _asks(call, "peelTags"):
        row["peeledObjectId"] = ref.peeled
    if known.locked_by:
        row |= {"isLocked": True, "isLockedBy": person(call, known.locked_by)}
    if _asks(call, "includeStatuses"):
        row["statuses"] = []
    return row


def _asks(call: Call, option: str) -> bool:
    return (call.query(option) or "").casefold() == "true"


def _update(call: Call) -> dict[str, Any]:
    """Always 200: every ref has its own outcome."""
    hosted, asked = hosted_of(call), call.body()
    if not isinstance(asked, list) or not asked:
        message = "Value cannot be null. Parameter name: refUpdates"
        raise bad_request(message, "ArgumentNullException")
    changes = [_change(one) for one in asked]
    rules = rules_of(call, hosted)
    with call.organisation.repos.room.turn(hosted, call.member):
        return collection(_outcome(hosted, one, update_ref(rules, one)) for one in changes)


def _change(posted: object) -> RefChange:
    fields = posted if isinstance(posted, dict) else {}
    missing = next((key for key in ("name", "oldObjectId", "newObjectId") if not fields.get(key)), None)
    if missing:
        message = f"Value cannot be null. Parameter name: {missing}"
        raise bad_request(message, "ArgumentNullException")
    for key in ("oldObjectId", "newObjectId"):
        object_id(fields[key])
    return RefChange(str(fields["name"]), str(fields["oldObjectId"]).lower(), str(fields["newObjectId"]).lower())


def object_id(posted: object) -> str:
    """Forty hexadecimal digits in lower case; anything else is refused."""
    text = str(posted).lower()
    if not is_object_id(text):
        message = f"'{posted}' is not a valid object id, forty hexadecimal digits were expected."
        raise bad_request(message, "ArgumentException")
    return text


def _outcome(hosted: Hosted, change: RefChange, status: str) -> dict[str, Any]:
    return {"repositoryId": hosted.id, "name": change.name, "oldObjectId": change.old, "newObjectId": change.new,
            "isLocked": False, "updateStatus": status, "success": status in GOOD}


def _lock(call: Call) -> dict[str, Any]:
    hosted, fields = hosted_of(call), call.fields()
    name = f"refs/{(call.query('filter') or '').removeprefix('refs/')}"
    ref = next((one for one in listed_refs(hosted.git, name) if one.name == name), None)
    if ref is None:
        message = f"The reference '{name}' does not exist in the repository '{hosted.name}'."
        raise RestError(404, "GitReferenceNotFoundException", message)
    records = call.organisation.repos.records
    locked_by = records.get(hosted.id, name).locked_by
    require(call, hosted, "GenericContribute" if locked_by in {"", call.member.id} else "RemoveOthersLocks", name)
    records.lock(hosted.id, name, call.member.id if fields.get("isLocked") else "")
    return _described(call, hosted, ref)
