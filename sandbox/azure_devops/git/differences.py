"""How two commits differ: the paths that were added, edited, deleted or renamed."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import run_git

_KINDS = {"A": "add", "D": "delete", "R": "rename"}


@dataclass(frozen=True)
class Difference:
    """`object_id` is what lies at `path` now or, where it is deleted, lay there; `source` is where a rename began."""

    kind: str
    path: str
    object_id: str
    source: str = ""


def differences(repository: BareRepository, old: str, new: str) -> list[Difference]:
    """Sorted by path."""
    listed = run_git("diff-tree", "-r", "-z", "--find-renames=100%", "--no-commit-id", old, new, folder=repository.path)
    fields = iter(listed.decode(errors="surrogateescape").split("\0"))
    found = []
    for head in fields:
        if head:
            _, _, old_id, new_id, status = head.split(" ")
            path = next(fields)
            source, path = (path, next(fields)) if status[0] == "R" else ("", path)
            object_id = old_id if status == "D" else new_id
            found.append(Difference(_KINDS.get(status[0], "edit"), path, object_id, source))
    return sorted(found, key=lambda one: one.path)
