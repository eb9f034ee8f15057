"""The Workspace API: list, describe, import, export and remove folders, notebooks and files."""
from __future__ import annotations

import base64
from typing import Any

from sandbox.databricks.call import Call, Routes, routes_below
from sandbox.databricks.errors import refuse
from sandbox.databricks.replies import without_empty
from sandbox.databricks.workspace_files import folders
from sandbox.databricks.workspace_files.errors import too_large_to_export
from sandbox.databricks.workspace_files.exporting import exported
from sandbox.databricks.workspace_files.importing import SIZE_LIMIT, import_file, import_object
from sandbox.databricks.workspace_files.paths import read_path
from sandbox.databricks.workspace_files.tree import Kind
from sandbox.databricks.workspace_files.view import object_info
from sandbox.http.message import Response


def workspace_file_routes() -> Routes:
    handlers = {"GET list": _list, "GET get-status": _get_status, "GET export": _export,
                "POST mkdirs": _mkdirs, "POST import": _import, "POST delete": _delete}
    return [*routes_below("/api/2.0/workspace", handlers),
            ("POST", "/api/2.0/workspace-files/import-file/{path...}", _import_file),
            ("GET", "/api/2.0/workspace-files/{path...}", _read_file)]


def _list(call: Call) -> dict[str, Any]:
    """An empty folder gives an empty object; of a file its own row."""
    fields, path = _read(call, "workspace/list")
    files = call.state.files
    entry = files.entry(path, call.caller)
    found = files.entries(entry, call.caller) if entry.kind is Kind.DIRECTORY else [entry]
    rows = [object_info(files, one) for one in found]
    since = fields.get("notebooks_modified_after", 0)
    rows = [row for row in rows if row["object_type"] != "NOTEBOOK" or row["modified_at"] >= since]
    return without_empty(objects=rows)


def _get_status(call: Call) -> dict[str, Any]:
    _, path = _read(call, "workspace/get-status")
    return object_info(call.state.files, call.state.files.entry(path, call.caller))


def _export(call: Call) -> dict[str, Any] | Response:
    fields, path = _read(call, "workspace/export")
    entry = call.state.files.entry(path, call.caller)
    extension, content = exported(call.state.files, entry, fields.get("format", "SOURCE"), call.caller)
    if fields.get("direct_download"):
        return Response(200, content, {"Content-Type": "application/octet-stream"})
    if len(content) > SIZE_LIMIT:
        raise too_large_to_export(len(content), SIZE_LIMIT)
    return {"content": base64.b64encode(content).decode(), "file_type": extension}


def _read_file(call: Call) -> Response:
    """As clients read a workspace file by its path alone: the content as it is."""
    entry = call.state.files.entry(read_path("/" + call.request.arguments["path"].lstrip("/")), call.caller)
    if entry.kind not in {Kind.FILE, Kind.NOTEBOOK}:
        refuse(f"{entry.path} is no file but a {entry.kind.value.lower()}")
    return Response(200, entry.disk.read_bytes(), {"Content-Type": "application/octet-stream"})


def _mkdirs(call: Call) -> dict[str, Any]:
    _, path = _read(call, "workspace/mkdirs")
    folders.make_folders(call, call.state.files, path)
    return {}


def _import(call: Call) -> dict[str, Any]:
    return import_object(call, call.state.files)


def _import_file(call: Call) -> dict[str, Any]:
    return import_file(call, call.state.files)


def _delete(call: Call) -> dict[str, Any]:
    fields, path = _read(call, "workspace/delete")
    folders.delete(call, call.state.files, path, recursive=fields.get("recursive", False))
    return {}


def _read(call: Call, endpoint: str) -> tuple[dict[str, Any], str]:
    fields = call.fields(endpoint, "path")
    return fields, read_path(fields["path"])
