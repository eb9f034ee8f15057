"""`workspace/import`: which object content becomes, by format, language and name."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath

from sandbox.databricks.call import Call
from sandbox.databricks.errors import not_modelled, refuse, refuse_missing
from sandbox.databricks.workspace_files.errors import no_parent, other_kind, path_exists, too_large
from sandbox.databricks.workspace_files.files import CAN_EDIT, WorkspaceFiles
from sandbox.databricks.workspace_files.folders import check_may_hold_files
from sandbox.databricks.workspace_files.paths import name_of, parent_of, read_path
from sandbox.databricks.workspace_files.source_format import EXTENSIONS, JUPYTER, extensions, language_of, marked
from sandbox.databricks.workspace_files.tree import Entry, Kind
from sandbox.databricks.workspace_files.upload import read_upload

SIZE_LIMIT = 10 * 1024 * 1024
_NOT_MODELLED = {"DBC", "HTML", "R_MARKDOWN"}


@dataclass(frozen=True)
class Import:
    """`stored` is the path on disk, with the extension that a notebook's `path` has not."""

    path: str
    kind: Kind
    stored: str
    content: bytes


def import_object(call: Call, files: WorkspaceFiles) -> dict[str, object]:
    fields, content = read_upload(call)
    if not fields.get("path"):
        refuse_missing("path")
    if len(content) > SIZE_LIMIT:
        raise too_large(len(content), SIZE_LIMIT)
    wanted = planned(read_path(fields["path"]), fields.get("format", "SOURCE"), fields.get("language", ""), content)
    _check_place(call, files, wanted, overwrite=fields.get("overwrite", False))
    before = files.find(wanted.path)
    files.tree.write(wanted.stored, wanted.content)
    if before is not None and before.disk != files.tree.disk(wanted.stored):
        files.tree.remove(before)
    written = files.entry(wanted.path, call.caller)
    if before is None:
        files.own(written, call.caller)
    return {"object_id": files.object_id(written)}


def planned(path: str, kind: str, language: str, content: bytes) -> Import:
    """What `content` is to become. AUTO goes by the name's extension and the first line, as the service does."""
    if kind in _NOT_MODELLED:
        what = f"the import format {kind}"
        raise not_modelled(what)
    if kind == "JUPYTER":
        return _jupyter(path, content)
    if kind == "SOURCE":
        if not language:
            refuse("The language must be specified for the format SOURCE")
        return Import(path, Kind.NOTEBOOK, path + EXTENSIONS[language], marked(content, language))
    notebook = language_of(name_of(path), content) if kind == "AUTO" else None
    if notebook is None:
        return Import(path, Kind.FILE, path, content)
    if path.endswith(JUPYTER):
        return _jupyter(path.removesuffix(JUPYTER), content)
    return Import(path.removesuffix(PurePosixPath(path).suffix), Kind.NOTEBOOK, path, content)


def _jupyter(path: str, content: bytes) -> Import:
    try:
        is_notebook = isinstance(json.loads(content)["cells"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        is_notebook = False
    if not is_notebook:
        refuse("The content is not a Jupyter notebook")
    return Import(path, Kind.NOTEBOOK, path + JUPYTER, content)


def _check_place(call: Call, files: WorkspaceFiles, wanted: Import, *, overwrite: bool) -> None:
    folder = parent_of(wanted.path)
    check_may_hold_files(files, folder)
    before = files.find(wanted.path) or _hidden(files, wanted)
    if before is None:
        parent = files.find(folder)
        if parent is None or parent.kind is not Kind.DIRECTORY:
            raise no_parent(folder)
        files.check_folder(folder, call.caller)
        return
    files.entry(before.path, call.caller, CAN_EDIT)
    if before.kind is not wanted.kind:
        raise other_kind(wanted.path, wanted.kind.value, before.kind.value)
    if not overwrite:
        raise path_exists(wanted.path)


def _hidden(files: WorkspaceFiles, wanted: Import) -> Entry | None:
    """A notebook `train` that lies as `train.py` where a plain file `train.py` shall be put, or the reverse."""
    if wanted.kind is Kind.FILE:
        suffix = PurePosixPath(wanted.path).suffix
        entry = files.find(wanted.path.removesuffix(suffix)) if suffix in extensions() else None
        return entry if entry and entry.disk == files.tree.disk(wanted.path) else None
    return files.find(wanted.stored)
