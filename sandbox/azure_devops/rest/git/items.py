"""Files and folders: https://learn.microsoft.com/rest/api/azure/devops/git/items."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.tree import Entry, blob, entries, entry
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import bad_request
from sandbox.azure_devops.rest.git.git_call import git_routes, hosted_of
from sandbox.azure_devops.rest.git.git_objects import Version, descriptor, item_url, no_item, version
from sandbox.azure_devops.rest.shapes import objects
from sandbox.http.message import Response, json_response, text_response

_LEVELS = ("none", "onelevel", "onelevelplusnestedemptyfolders", "full")


def routes() -> Routes:
    return git_routes(
        ("GET", "repositories/{repository}/items", _items),
        ("GET", "repositories/{repository}/items/{path...}", _items),
        ("POST", "repositories/{repository}/itemsBatch", _batch))


def _items(call: Call) -> Response:
    """One item by its `path` or those of a `scopePath`; how a file is sent is chosen by the Accept header alone."""
    hosted = hosted_of(call)
    at = version(hosted, descriptor(call))
    path = call.query("path") or call.request.arguments.get("path")
    level = (call.query("recursionLevel") or "none").casefold()
    if path is None or level != "none":
        return json_response(collection(_listing(call, hosted, at, path or call.query("scopePath"), level)))
    found = _entry(hosted, at, path)
    if found.is_folder or _wants(call) == "json":
        return json_response(_described(call, hosted, at, found, content=_asks_content(call)))
    content = blob(hosted.git, found.object_id)
    if _wants(call) == "text":
        return text_response(content.decode(errors="replace"))
    return Response(200, content, {"Content-Type": "application/octet-stream"})


def _wants(call: Call) -> str:
    asked = call.query("$format") or call.request.headers.get("Accept", "")
    known = {"application/json": "json", "json": "json", "text/plain": "text", "text": "text",
             "application/octet-stream": "octetStream", "octetstream": "octetStream"}
    kind = asked.partition(";")[0].partition(",")[0].strip().casefold()
    if "zip" in kind:
        message = "the sandbox does not send items as zip"
        raise bad_request(message)
    return known.get(kind, "octetStream")


def _asks_content(call: Call) -> bool:
    return (call.query("includeContent") or "").casefold() == "true"


def _listing(call: Call, hosted: Hosted, at: Version, path: str | None, level: str) -> list[dict[str, Any]]:
    """The item itself first, then what lies in it."""
    if level not in _LEVELS:
        message = f"The recursion level '{level}' is not one of none, oneLevel and full."
        raise bad_request(message, "InvalidArgumentValueException")
    scope = _entry(hosted, at, path or "/")
    inner = entries(hosted.git, at.commit, scope.path, recursive=level == "full") \
        if scope.is_folder and level != "none" else []
    return [_described(call, hosted, at, one, content=_asks_content(call)) for one in (scope, *inner)]


def _entry(hosted: Hosted, at: Version, path: str) -> Entry:
    # No file has such a name, and git could not be asked for it.
    found = None if "\0" in path else entry(hosted.git, at.commit, path.strip("/"))
    if found is None:
        raise no_item(hosted, path if path.startswith("/") else f"/{path}", at)
    return found


def _described(call: Call, hosted: Hosted, at: Version, one: Entry, *, content: bool = False) -> dict[str, Any]:
    path = f"/{one.path}"
    row: dict[str, Any] = {"objectId": one.object_id, "gitObjectType": one.kind, "commitId": at.commit, "path": path,
                           "url": item_url(call, hosted, path, at)}
    if one.is_folder:
        row["isFolder"] = True
    elif content and one.kind == "blob":
        row |= _with_content(blob(hosted.git, one.object_id), one.path)
    return row


def _with_content(content: bytes, path: str) -> dict[str, Any]:
    """Text as it is; of anything else only that it is binary."""
    name = path.rpartition("/")[2]
    known = {"fileName": name, "extension": name.rpartition(".")[2] if "." in name else ""}
    try:
        text = content.decode("utf-8-sig") if b"\0" not in content else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        return {"contentMetadata": {**known, "isBinary": True, "contentType": "application/octet-stream"}}
    return {"content": text, "contentMetadata": {**known, "encoding": 65001, "contentType": "text/plain"}}


def _batch(call: Call) -> dict[str, Any]:
    """A list of lists: one for each descriptor asked for."""
    hosted = hosted_of(call)
    asked = objects(call.fields().get("itemDescriptors"), "itemDescriptors")
    rows = [_of_descriptor(call, hosted, one) for one in asked]
    return {"count": len(rows), "value": rows}


def _of_descriptor(call: Call, hosted: Hosted, posted: dict[str, Any]) -> list[dict[str, Any]]:
    at = version(hosted, _posted(posted))
    level = str(posted.get("recursionLevel") or "none").casefold()
    return _listing(call, hosted, at, str(posted.get("path") or "/"), level)


def _posted(fields: dict[str, Any]) -> Callable[[str], str | None]:
    return lambda part: str(fields[part]) if fields.get(part) else None
