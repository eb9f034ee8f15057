"""What somebody asks of one ref: create, move or delete it; and why that was refused."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import NO_COMMIT

HEADS, TAGS, NOTES = "refs/heads/", "refs/tags/", "refs/notes/"


@dataclass(frozen=True)
class RefChange:
    """Forty zeros as `old` create, as `new` delete."""

    name: str
    old: str
    new: str

    @property
    def creates(self) -> bool:
        return self.old == NO_COMMIT

    @property
    def deletes(self) -> bool:
        return self.new == NO_COMMIT

    @property
    def moves(self) -> bool:
        return not self.creates and not self.deletes

    @property
    def is_branch(self) -> bool:
        return self.name.startswith(HEADS)


@dataclass(frozen=True)
class Refusal:
    """`status` is the `updateStatus` of the REST API, `text` what git's client shows."""

    status: str
    text: str


def branch_name(ref: str) -> str:
    """The short name of a branch; every other ref keeps its whole name."""
    return ref.removeprefix(HEADS)
