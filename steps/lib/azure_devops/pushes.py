"""Commits made over REST: one push, all of it or nothing.

https://learn.microsoft.com/rest/api/azure/devops/git/pushes/create
"""
from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.repositories import Repository

PUSHES = "ea98d07b-3c87-4971-8ede-a613694ffb55"
COMMITS = "c2570c3b-5b3f-41b8-98bf-5407bfde8d58"
NO_COMMIT = "0" * 40


class ChangeType(str, Enum):
    """`ADD` is refused by the service where the path exists, so it overwrites nothing, whoever was faster."""

    ADD = "add"
    EDIT = "edit"


@dataclass(frozen=True)
class Change:
    kind: ChangeType
    path: str
    content: bytes


def push(devops: AzureDevOps, where: Repository, *, ref: str, old: str, message: str,
         changes: Sequence[Change]) -> str:
    """Commit `changes` on top of `old` and let `ref` point there; the new commit.

    `old` is where the branch is, or NO_COMMIT in an empty repository; for a new branch, the commit it begins at. A
    StaleReference where the branch has moved, a Conflict where a file to add is there. Sending it twice is safe for
    the same reason: after a lost reply the second one is refused, and what is there tells whether the first arrived.
    """
    commit = {"comment": message, "changes": [_row(change) for change in changes]}
    body = {"refUpdates": [{"name": ref, "oldObjectId": old}], "commits": [commit]}
    answer = devops.send("POST", PUSHES, route=where.route, body=body, repeatable=True)
    return str(answer["refUpdates"][0]["newObjectId"])


def commit_message(devops: AzureDevOps, where: Repository, commit: str) -> str:
    row = devops.send("GET", COMMITS, route={**where.route, "commitId": commit})
    return str(row.get("comment", ""))


def _row(change: Change) -> dict[str, Any]:
    # Base64 keeps every byte: of text, the service would choose an encoding.
    content = {"content": base64.b64encode(change.content).decode("ascii"), "contentType": "base64encoded"}
    return {"changeType": change.kind.value, "item": {"path": f"/{change.path}"}, "newContent": content}
