"""`workspace/import` and `workspace-files/import-file`: where content may be put, and putting it there."""
from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.fields import read_query
from sandbox.databricks.workspace_files.archive import unpack, without_common_folder
from sandbox.databricks.workspace_files.errors import name_too_long, no_parent, other_kind, path_exists, too_large
from sandbox.databricks.workspace_files.files import CAN_EDIT, WorkspaceFiles
from sandbox.databricks.workspace_files.folders import check_may_hold_files, check_may_hold_folders
from sandbox.databricks.workspace_files.paths import NAME_BYTES, name_of, parent_of, read_path
from sandbox.databricks.workspace_files.planning import Import, planned, planned_member
from sandbox.databricks.workspace_files.source_format import LANGUAGES
from sandbox.databricks.workspace_files.tree import Entry, Kind
from sandbox.databricks.workspace_files.upload import read_upload

SIZE_LIMIT = 10 * 1024 * 1024


def import_object(call: Call, files: WorkspaceFiles) -> dict[str, object]:
    fields, content = read_upload(call)
    if not fields.get("path"):
        refuse_missing("path")
    if len(content) > SIZE_LIMIT:
        raise too_large(len(content), SIZE_LIMIT)
    path, kind, overwrite = read_path(fields["path"]), fields.get("format", "SOURCE"), fields.get("overwrite", False)
    if kind == "DBC" or (kind == "SOURCE" and "language" not in fields and zipfile.is_zipfile(BytesIO(content))):
        if overwrite:
            refuse("overwrite is not supported for archives: a folder may be in the way")
        return _import_archive(call, files, path, kind, content)
    return put(call, files, planned(path, kind, fields.get("language", ""), content), overwrite=overwrite)


def import_file(call: Call, files: WorkspaceFiles) -> dict[str, object]:
    """The path stands in the address and the content alone in the body."""
    fields = read_query("workspace-files/import-file", call.request.query, strict=call.state.strict)
    content = call.request.body
    if len(content) > SIZE_LIMIT:
        raise too_large(len(content), SIZE_LIMIT)
    path = read_path("/" + call.request.arguments["path"].lstrip("/"))
    return put(call, files, planned(path, "AUTO", "", content), overwrite=fields.get("overwrite", False))


def put(call: Call, files: WorkspaceFiles, wanted: Import, *, overwrite: bool) -> dict[str, object]:
    _check_place(call, files, wanted, overwrite=overwrite)
    return {"object_id": _write(call, files, wanted)}


def _import_archive(call: Call, files: WorkspaceFiles, path: str, kind: str, content: bytes) -> dict[str, object]:
    """All of it or nothing."""
    members = without_common_folder(unpack(content, SIZE_LIMIT))
    alone = len(members) == 1 and "/" not in members[0].path
    wanted = [found for member in members if (found := planned_member(path, kind, member, alone=alone)) is not None]
    for one in wanted:
        _check_name(one)
    if files.find(path) is not None:
        raise path_exists(path)
    _check_parent(call, files, parent_of(path))
    if not alone:
        check_may_hold_folders(files, path)
        files.make_folders(path, call.caller)
    for one in wanted:
        files.make_folders(parent_of(one.path), call.caller)
        put(call, files, one, overwrite=False)
    return {"object_id": files.object_id(files.entry(path, call.caller))}


def _write(call: Call, files: WorkspaceFiles, wanted: Import) -> int:
    before = files.find(wanted.path)
    files.tree.write(wanted.stored, wanted.content)
    if before is not None and before.disk != files.tree.disk(wanted.stored):
        files.tree.remove(before)
    written = files.entry(wanted.path, call.caller)
    if before is None:
        files.own(written, call.caller)
    return files.object_id(written)


def _check_place(call: Call, files: WorkspaceFiles, wanted: Import, *, overwrite: bool) -> None:
    _check_name(wanted)
    before = files.find(wanted.path) or _hidden(files, wanted)
    if before is None:
        _check_parent(call, files, parent_of(wanted.path))
        return
    check_may_hold_files(files, parent_of(wanted.path))
    files.entry(before.path, call.caller, CAN_EDIT)
    if before.kind is not wanted.kind:
        raise other_kind(wanted.path, wanted.kind.value, before.kind.value)
    if not overwrite:
        raise path_exists(wanted.path)


def _check_parent(call: Call, files: WorkspaceFiles, folder: str) -> None:
    check_may_hold_files(files, folder)
    parent = files.find(folder)
    if parent is None or parent.kind is not Kind.DIRECTORY:
        raise no_parent(folder)
    files.check_folder(folder, call.caller)


def _check_name(wanted: Import) -> None:
    """On disk a notebook's name has an extension, and no name there is longer."""
    if len(name_of(wanted.stored).encode()) > NAME_BYTES:
        raise name_too_long(NAME_BYTES)


def _hidden(files: WorkspaceFiles, wanted: Import) -> Entry | None:
    """A notebook `train` that lies as `train.py` where a plain file `train.py` shall be put, or the reverse."""
    if wanted.kind is Kind.FILE:
        suffix = PurePosixPath(wanted.path).suffix
        entry = files.find(wanted.path.removesuffix(suffix)) if suffix in LANGUAGES else None
        return entry if entry and entry.disk == files.tree.disk(wanted.path) else None
    return files.tree.find(wanted.stored)
