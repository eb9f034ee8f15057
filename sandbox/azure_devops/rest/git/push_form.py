"""What a push over REST asks for, read from its JSON: the ref, the commits and the changes in them."""
from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.azure_devops.git.commit_making import NewCommit
from sandbox.azure_devops.git.commits import Signature
from sandbox.azure_devops.git.file_changes import FileChange
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.errors import bad_request
from sandbox.azure_devops.rest.git.refs import object_id
from sandbox.azure_devops.rest.shapes import mapping

# The values of VersionControlChangeType, for clients that send numbers.
_NUMBERS = {1: "add", 2: "edit", 8: "rename", 16: "delete"}


def asked_ref(fields: dict[str, Any]) -> tuple[str, str]:
    """Its name and where the caller believes it to be."""
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


def asked_commits(call: Call, fields: dict[str, Any]) -> list[NewCommit]:
    """Oldest first; without an author they are by the caller."""
    return [_new_commit(call, one) for one in _rows(fields, "commits")]


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
    return FileChange(frozenset(kinds), _path(mapping(posted.get("item"), "item").get("path")), content,
                      _path(posted.get("sourceServerItem")) if "rename" in kinds else "")


def _path(posted: object) -> str:
    if not isinstance(posted, str) or not posted.strip("/") or "\0" in posted:
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
