"""A Git folder as the workspace shows it, found by its path.

https://docs.databricks.com/api/azure/workspace/repos
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import ResourceDoesNotExist
from steps.lib.errors import InputError
from steps.lib.repos.remote import Ref

REPOS = "/api/2.0/repos"
STATUS = "/api/2.0/workspace/get-status"


@dataclass(frozen=True)
class GitFolder:
    """`branch` is empty while a tag is checked out, `head` where the repository has no commit."""

    id: int
    path: str
    url: str
    branch: str
    head: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> GitFolder:
        return cls(int(row["id"]), str(row.get("path", "")), str(row.get("url", "")), str(row.get("branch") or ""),
                   str(row.get("head_commit_id") or ""))

    @property
    def at(self) -> str:
        """Where it is, for people."""
        return f"{f'branch {self.branch!r}' if self.branch else 'a tag'} at {self.head[:12] or 'no commit'}"

    def shows(self, ref: Ref, commit: str) -> bool:
        return self.head == commit and self.branch == (ref.name if ref.kind == "branch" else "")


def find(databricks: Databricks, path: str) -> GitFolder | None:
    """The Git folder at exactly `path`; None also where the principal may not see it.

    The list of the Repos API would take a prefix, and would leave out folders that the principal cannot manage.
    """
    try:
        status = databricks.get(STATUS, {"path": path})
    except ResourceDoesNotExist:
        return None
    if status.get("object_type") != "REPO":
        message = (f"Git folder {path!r}: there is a {str(status.get('object_type', '')).lower()} of this name in the "
                   "workspace, expected a Git folder or nothing; rename or delete it")
        raise InputError([message])
    return read(databricks, int(status["object_id"]))


def read(databricks: Databricks, number: int) -> GitFolder:
    return GitFolder.of(databricks.get(f"{REPOS}/{number}"))
