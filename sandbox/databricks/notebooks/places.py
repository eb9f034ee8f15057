"""Where the code of a task lies, and from where it imports."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import ApiError, invalid, not_found
from sandbox.databricks.workspace_files.files import CAN_RUN, WorkspaceFiles
from sandbox.databricks.workspace_files.paths import ancestors, parent_of, read_path
from sandbox.databricks.workspace_files.tree import Kind


@dataclass(frozen=True)
class Place:
    """`folder` is where it starts: relative paths and, before anything else, imports begin there."""

    path: str
    disk: Path
    folder: Path
    import_folders: tuple[str, ...] = ()


def find_runnable(files: WorkspaceFiles, path: str, principal: Principal, kind: Kind = Kind.NOTEBOOK) -> Place:
    """The notebook or file, if the principal may run it. In a Git folder its root is imported from, too."""
    path = read_path(path)
    try:
        entry = files.entry(path, principal, CAN_RUN)
    except ApiError as error:
        raise _unable(path, principal) from error
    if entry.kind is not kind and kind is Kind.NOTEBOOK:
        message = f"{path} is no notebook but a {entry.kind.value.lower()}"
        raise invalid(message)
    if entry.kind not in {Kind.NOTEBOOK, Kind.FILE}:
        message = f"{path} is no file but a {entry.kind.value.lower()}"
        raise invalid(message)
    roots = [files.tree.disk(folder) for folder in ancestors(path) if folder in files.git_folders]
    folder = files.tree.disk(parent_of(path))
    return Place(path, entry.disk, folder, tuple(str(root) for root in dict.fromkeys((folder, *roots))))


def program_place(path: str, home: Path) -> Place:
    """A wheel's entry point, which starts in an empty folder."""
    return Place(path, home, home)


def resolved(path: str, base: str) -> str:
    """What `path` means in the notebook `base`: relative to its folder, with `.` and `..` taken out."""
    names = [] if path.startswith("/") else parent_of(base).split("/")
    for name in path.split("/"):
        if name == "..":
            names = names[:-1]
        elif name not in {"", "."}:
            names.append(name)
    return "/" + "/".join(name for name in names if name)


def _unable(path: str, principal: Principal) -> ApiError:
    """The service does not tell a missing notebook from one that may not be run."""
    return not_found(f'Unable to access the notebook "{path}". Either it does not exist, or the identity used to '
                     f"run this job, {principal.name}, lacks the required permissions.")
