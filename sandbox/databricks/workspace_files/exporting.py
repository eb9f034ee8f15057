"""`workspace/export`: a notebook in each of its formats, a file as it is, a folder as an archive."""
from __future__ import annotations

import json
from collections.abc import Iterator

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import not_modelled, refuse
from sandbox.databricks.workspace_files.archive import Member, pack
from sandbox.databricks.workspace_files.files import WorkspaceFiles
from sandbox.databricks.workspace_files.notebook import Notebook, read_notebook
from sandbox.databricks.workspace_files.notebook_model import to_html, to_model
from sandbox.databricks.workspace_files.paths import name_of
from sandbox.databricks.workspace_files.r_markdown import to_r_markdown
from sandbox.databricks.workspace_files.source_format import JUPYTER
from sandbox.databricks.workspace_files.tree import Entry, Kind

_OF_FOLDERS = ("SOURCE", "AUTO", "DBC")
_OF_FILES = ("SOURCE", "AUTO", "RAW")


def exported(files: WorkspaceFiles, entry: Entry, kind: str, principal: Principal) -> tuple[str, bytes]:
    """The extension without dot, and the content. Of a folder what `principal` may see."""
    if entry.kind is Kind.DIRECTORY:
        if kind not in _OF_FOLDERS:
            refuse(f"A folder can be exported as {', '.join(_OF_FOLDERS)}, not as {kind}")
        content = pack(_members(files, entry, kind, principal, name_of(entry.path)))
        return ("dbc" if kind == "DBC" else "zip"), content
    if entry.kind is Kind.MLFLOW_EXPERIMENT:
        refuse(f"{entry.path} is an experiment, which cannot be exported")
    if entry.kind is Kind.FILE and kind not in _OF_FILES:
        refuse(f"A file can be exported as {', '.join(_OF_FILES)}, not as {kind}")
    return _exported_object(entry, kind, files.object_id(entry))


def _exported_object(entry: Entry, kind: str, number: int) -> tuple[str, bytes]:
    content, extension = entry.disk.read_bytes(), entry.disk.suffix
    as_it_is = (kind == "JUPYTER") == (extension == JUPYTER)
    if entry.kind is Kind.FILE or kind in {"RAW", "AUTO"} or (kind in {"JUPYTER", "SOURCE"} and as_it_is):
        return extension.removeprefix("."), content
    notebook, name = read_notebook(entry.disk.name, entry.language, content), name_of(entry.path)
    if kind == "JUPYTER":
        return "ipynb", _jupyter(notebook, name)
    if kind == "SOURCE":
        return "py", notebook.source().encode()
    if kind == "HTML":
        return "html", to_html(to_model(notebook, name, number)).encode()
    if kind == "DBC":
        return "dbc", pack([_model_member(notebook, name, number)])
    if notebook.language != "R":
        what = f"R Markdown of notebooks in {notebook.language}"
        raise not_modelled(what)
    return "Rmd", to_r_markdown(notebook, name).encode()


def _members(files: WorkspaceFiles, folder: Entry, kind: str, principal: Principal, base: str) -> Iterator[Member]:
    for entry in files.entries(folder, principal):
        if entry.kind is Kind.DIRECTORY:
            yield from _members(files, entry, kind, principal, f"{base}/{name_of(entry.path)}")
        elif entry.kind is Kind.NOTEBOOK or (entry.kind is Kind.FILE and kind == "AUTO"):
            yield _member(entry, kind, base, files.object_id(entry))


def _member(entry: Entry, kind: str, base: str, number: int) -> Member:
    content = entry.disk.read_bytes()
    if kind != "DBC":
        return Member(f"{base}/{entry.disk.name}".lstrip("/"), content)
    made = _model_member(read_notebook(entry.disk.name, entry.language, content), name_of(entry.path), number)
    return Member(f"{base}/{made.path}".lstrip("/"), made.content)


def _model_member(notebook: Notebook, name: str, number: int) -> Member:
    return Member(f"{name}.{notebook.language.lower()}", json.dumps(to_model(notebook, name, number)).encode())


def _jupyter(notebook: Notebook, name: str) -> bytes:
    language = notebook.language.lower()
    cells = [{"cell_type": "markdown", "metadata": {}, "source": cell.text.splitlines(keepends=True)}
             if cell.magic in {"md", "md-sandbox"} else _jupyter_code(command)
             for cell, command in zip(notebook.cells, notebook.commands(), strict=True)]
    about = {"application/vnd.databricks.v1+notebook": {"language": language, "notebookName": name},
             "language_info": {"name": language}}
    return json.dumps({"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 0}, indent=1).encode()


def _jupyter_code(command: str) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [],
            "source": command.splitlines(keepends=True)}
