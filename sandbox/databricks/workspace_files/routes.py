"""The Workspace API: list, describe, import, export and remove folders, notebooks and files."""
from __future__ import annotations

import base64
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import not_modelled, refuse_missing
from sandbox.databricks.workspace_files import folders
from sandbox.databricks.workspace_files.errors import too_large_to_export
from sandbox.databricks.workspace_files.exporting import exported
from sandbox.databricks.workspace_files.importing import SIZE_LIMIT, import_object
from sandbox.databricks.workspace_files.paths import read_path
from sandbox.databricks.workspace_files.tree import Kind
from sandbox.databricks.workspace_files.view import object_info
from sandbox.http.message import Response


def workspace_file_routes() -> Routes:
    handlers = {"GET list": _list, "GET get-status": _get_status, "GET export": _export,
                "POST mkdirs": _mkdirs, "POST import": _import, "POST delete": _delete}
    return [(key.split()[0], f"/api/2.0/workspace/{key.split()[1]}", handler) for key, handler in handlers.items()]


def _list(call: Call) -> dict[str, Any]:
    """An empty folder gives an empty object; of a file its own row."""
    fields, path = _read(call, "workspace/list")
    files = call.state.files
    entry = files.entry(path, call.caller)
    found = files.tree.entries(path) if entry.kind is Kind.DIRECTORY else [entry]
    rows = [object_info(files, entry) for entry in files.seen(found, call.caller)]
    since = fields.get("notebooks_modified_after", 0)
    rows = [row for row in rows if row["object_type"] != "NOTEBOOK" or row["modified_at"] >= since]
    return {"objects": rows} if rows else {}


def _get_status(call: Call) -> dict[str, Any]:
    _, path = _read(call, "workspace/get-status")
    return object_info(call.state.files, call.state.files.entry(path, call.caller))


def _export(call: Call) -> dict[str, Any] | Response:
    fields, path = _read(call, "workspace/export")
    entry = call.state.files.entry(path, call.caller)
    if entry.kind is Kind.DIRECTORY:
        what = "the export of folders"
        raise not_modelled(what)
    extension, content = exported(entry, fields.get("format", "SOURCE"))
    if fields.get("direct_download"):
        return Response(200, content, {"Content-Type": "application/octet-stream"})
    if len(content) > SIZE_LIMIT:
        raise too_large_to_export(len(content), SIZE_LIMIT)
    return {"content": base64.b64encode(content).decode(), "file_type": extension}


def _mkdirs(call: Call) -> dict[str, Any]:
    _, path = _read(call, "workspace/mkdirs")
    folders.make_folders(call, call.state.files, path)
    return {}


def _import(call: Call) -> dict[str, Any]:
    return import_object(call, call.state.files)


def _delete(call: Call) -> dict[str, Any]:
    fields, path = _read(call, "workspace/delete")
    folders.delete(call, call.state.files, path, recursive=fields.get("recursive", False))
    return {}


def _read(call: Call, endpoint: str) -> tuple[dict[str, Any], str]:
    fields = call.fields(endpoint)
    if not fields.get("path"):
        refuse_missing("path")
    return fields, read_path(fields["path"])
