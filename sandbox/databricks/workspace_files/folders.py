"""`workspace/mkdirs` and `workspace/delete`, and what the folders of a workspace may hold."""
from __future__ import annotations

from sandbox.databricks.call import Call
from sandbox.databricks.workspace_files.errors import not_empty, only_repos_here, path_exists, protected
from sandbox.databricks.workspace_files.files import CAN_MANAGE, PROTECTED, REPOS, WorkspaceFiles
from sandbox.databricks.workspace_files.paths import ancestors, is_below, names_of
from sandbox.databricks.workspace_files.tree import Kind


def make_folders(call: Call, files: WorkspaceFiles, path: str) -> None:
    """As `mkdir -p`. Only admins make new folders directly in `/`, `/Users` or `/Repos`; the own home is free."""
    for folder in (path, *ancestors(path)):
        found = files.find(folder)
        if (found is not None and found.kind is not Kind.DIRECTORY) or not files.tree.may_hold_folder(folder):
            raise path_exists(folder)
    if files.find(path) is not None:
        files.entry(path, call.caller)
        return
    first = next(folder for folder in reversed((path, *ancestors(path))) if files.find(folder) is None)
    check_may_hold_folders(files, path)
    if not files.is_own_home(first, call.caller):
        files.check_folder(first, call.caller)
    files.make_folders(path, call.caller)


def delete(call: Call, files: WorkspaceFiles, path: str, *, recursive: bool) -> None:
    if path in PROTECTED:
        raise protected(path)
    entry = files.entry(path, call.caller, CAN_MANAGE)
    if entry.kind is Kind.DIRECTORY and not recursive and files.contents(path):
        raise not_empty(path)
    files.remove(entry)


def in_git_folder(files: WorkspaceFiles, path: str) -> bool:
    return any(folder in files.git_folders for folder in (path, *ancestors(path)))


def check_may_hold_files(files: WorkspaceFiles, folder: str) -> None:
    """`/Repos` and its folders hold nothing but Git folders."""
    if (folder == REPOS or is_below(folder, REPOS)) and not in_git_folder(files, folder):
        raise only_repos_here()


def check_may_hold_folders(files: WorkspaceFiles, path: str) -> None:
    """`/Repos/<folder>` may be made, `/Repos/<folder>/<other>` not: that is where Git folders go."""
    if is_below(path, REPOS) and len(names_of(path)) > 2 and not in_git_folder(files, path):
        raise only_repos_here()
