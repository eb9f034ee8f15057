"""A task's libraries as words for `pip install`."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.databricks.errors import not_found
from sandbox.databricks.workspace_files.files import WorkspaceFiles
from sandbox.databricks.workspace_files.paths import read_path
from sandbox.databricks.workspace_files.tree import Kind


def pip_arguments(files: WorkspaceFiles, libraries: Iterable[Mapping[str, Any]], *, from_index: bool) -> list[str]:
    """Wheels of the workspace always, with what they need only `from_index`; what is no Python is passed over."""
    words: list[str] = []
    for library in libraries:
        if "whl" in library:
            words.append(_on_disk(files, str(library["whl"])))
        elif from_index and "requirements" in library:
            words += ["-r", _on_disk(files, str(library["requirements"]))]
        elif from_index and "pypi" in library:
            words += _from_index(library["pypi"])
    return ["--no-deps", *words] if words and not from_index else words


def _from_index(entry: Mapping[str, str]) -> list[str]:
    repository = entry.get("repo")
    return [*(["--extra-index-url", repository] if repository else []), entry["package"]]


def _on_disk(files: WorkspaceFiles, path: str) -> str:
    entry = files.find(read_path(path))
    if entry is None or entry.kind is Kind.MLFLOW_EXPERIMENT:
        message = f"Library {path} does not exist; the sandbox finds libraries in the workspace's files"
        raise not_found(message)
    return str(entry.disk)
