"""The refs of a repository as they are, tags with the object that holds their message."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import run_git
from sandbox.azure_devops.git.ref_names import is_object_id, is_text, is_valid


@dataclass(frozen=True)
class Ref:
    """`peeled` is the commit of an annotated tag, empty for every other ref."""

    name: str
    object_id: str
    peeled: str = ""


def listed_refs(repository: BareRepository, prefix: str = "") -> list[Ref]:
    """Sorted by name; `prefix` is any beginning of a full name."""
    listed = run_git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", folder=repository.path)
    rows = (line.split(" ") for line in listed.decode(errors="surrogateescape").split("\n") if line)
    return [Ref(*row) for row in rows if row[0].startswith(prefix) and is_text(row[0])]


def commit_of(repository: BareRepository, name: str) -> str | None:
    """The commit that a full ref, `HEAD` or an object's whole id stands for; None where there is none.

    Nothing else is a name here: git would take `main~1` or `@{-1}`, too.
    """
    if not (name == "HEAD" or is_object_id(name) or is_valid(name)):
        return None
    listed = run_git("cat-file", "--batch-check=%(objectname)", folder=repository.path,
                     stdin=f"{name}^{{commit}}\n".encode()).decode().split()
    return listed[0] if len(listed) == 1 else None
