"""Workspace objects as the API shows them."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.workspace_files.files import REPOS, WorkspaceFiles
from sandbox.databricks.workspace_files.paths import is_below
from sandbox.databricks.workspace_files.tree import Entry, Kind


def object_info(files: WorkspaceFiles, entry: Entry) -> dict[str, Any]:
    """Times are milliseconds since 1970. Of Git folders only those below `/Repos` say that they are one."""
    is_repo = entry.path in files.git_folders and is_below(entry.path, REPOS)
    info: dict[str, Any] = {"path": entry.path, "object_type": "REPO" if is_repo else entry.kind.value,
                            "object_id": files.object_id(entry), "resource_id": str(files.object_id(entry))}
    if entry.kind in {Kind.DIRECTORY, Kind.MLFLOW_EXPERIMENT}:
        return info
    about = entry.disk.stat()
    info |= {"created_at": int(files.register.known(entry).created * 1000), "modified_at": int(about.st_mtime * 1000)}
    if entry.kind is Kind.NOTEBOOK:
        return {**info, "language": entry.language}
    return {**info, "size": about.st_size}
