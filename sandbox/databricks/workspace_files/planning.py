"""Which object imported content becomes: by format, language, name and first line."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sandbox.databricks.errors import not_modelled, refuse
from sandbox.databricks.workspace_files.archive import Member
from sandbox.databricks.workspace_files.notebook import Notebook
from sandbox.databricks.workspace_files.notebook_model import from_html, from_model
from sandbox.databricks.workspace_files.paths import child, name_of
from sandbox.databricks.workspace_files.r_markdown import from_r_markdown
from sandbox.databricks.workspace_files.source_format import EXTENSIONS, JUPYTER, LANGUAGES, language_of, marked
from sandbox.databricks.workspace_files.tree import Kind

_CONVERTED: dict[str, Callable[[bytes], Notebook]] = {"HTML": from_html, "R_MARKDOWN": from_r_markdown}
_MODELS = {".python", ".sql", ".scala", ".r"}


@dataclass(frozen=True)
class Import:
    """`stored` is the path on disk, with the extension that a notebook's `path` has not."""

    path: str
    kind: Kind
    stored: str
    content: bytes


def planned(path: str, kind: str, language: str, content: bytes) -> Import:
    """What `content` is to become. AUTO goes by the name's extension and the first line, as the service does."""
    if kind in _CONVERTED:
        return _notebook(path, _CONVERTED[kind](content))
    if kind == "JUPYTER":
        return _jupyter(path, content)
    if kind == "SOURCE":
        if not language:
            refuse("The language must be specified for the format SOURCE")
        return Import(path, Kind.NOTEBOOK, path + EXTENSIONS[language], marked(content, language))
    if language_of(name_of(path), content) is None:
        return Import(path, Kind.FILE, path, content)
    if kind == "RAW":
        what = "a plain file that looks like a notebook"
        raise not_modelled(what)
    if path.endswith(JUPYTER):
        return _jupyter(path.removesuffix(JUPYTER), content)
    return Import(path.removesuffix(PurePosixPath(path).suffix), Kind.NOTEBOOK, path, content)


def planned_member(folder: str, kind: str, member: Member, *, alone: bool) -> Import | None:
    """What a file of an archive is to become below `folder`, or as `folder` itself; only notebooks become something."""
    suffix = PurePosixPath(member.path).suffix
    path = folder if alone else child(folder, member.path.removesuffix(suffix))
    if kind == "DBC":
        return _notebook(path, from_model(member.content)) if suffix in _MODELS else None
    if suffix not in LANGUAGES:
        return None
    return planned(path, "JUPYTER" if suffix == JUPYTER else "SOURCE", LANGUAGES[suffix], member.content)


def _notebook(path: str, notebook: Notebook) -> Import:
    return Import(path, Kind.NOTEBOOK, path + EXTENSIONS[notebook.language], notebook.source().encode())


def _jupyter(path: str, content: bytes) -> Import:
    try:
        is_notebook = isinstance(json.loads(content)["cells"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        is_notebook = False
    if not is_notebook:
        refuse("The content is not a Jupyter notebook")
    return Import(path, Kind.NOTEBOOK, path + JUPYTER, content)
