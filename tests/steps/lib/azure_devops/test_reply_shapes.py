"""Replies of another type than the service's, in what the steps read of repositories: told as such, never a bug."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.http.message import json_response
from steps.lib.azure_devops import errors
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.pull_requests import demands_pull_request
from steps.lib.azure_devops.repositories import Repository, refs, repository
from steps.lib.branches.branch import Branch
from steps.lib.branches.deletion import delete
from steps.lib.branches.evidence import commits_ahead, merging_pull_request, updates_of
from tests.steps.lib.azure_devops.service import Service, connected

MAIN = "refs/heads/main"
WHERE = Repository("1", "churn", "2", "analytics", MAIN)
BRANCH = Branch("refs/heads/feature/x", "a" * 40)
PUSH = {"pushId": 1, "date": "2026-01-31T09:30:00Z", "refUpdates": []}
READS: dict[str, Callable[[AzureDevOps], object]] = {
    "repository": lambda devops: repository(devops, "analytics", "churn"),
    "refs": lambda devops: refs(devops, WHERE, MAIN),
    "deletion": lambda devops: delete(devops, WHERE, [BRANCH]),
    "pushes": lambda devops: updates_of(devops, WHERE, MAIN),
    "statistics": lambda devops: commits_ahead(devops, WHERE),
    "pull requests": lambda devops: merging_pull_request(devops, WHERE, BRANCH),
    "policies": lambda devops: demands_pull_request(devops, WHERE, MAIN),
}


@pytest.mark.parametrize(("what", "reply", "told"), [
    ("repository", {"id": "1", "name": "churn", "project": "analytics"}, r"\[0\]\.project: got a text, expected an"),
    ("refs", {"count": 1, "value": [{"name": 7}]}, r"\[0\]\.name: got a number, expected a text"),
    ("deletion", "x", r"\[0\]: got a text, expected an object"),
    ("deletion", {"value": "x"}, "the reply: got a text, expected a list"),
    ("deletion", {"value": [None]}, r"\[0\]: got null, expected an object"),
    ("pushes", {"count": 1, "value": [{**PUSH, "pushId": []}]}, r"\[0\]\.pushId: got a list, expected an id"),
    ("pushes", {"count": 1, "value": [{**PUSH, "date": "today"}]}, r"\[0\]\.date: got a text, expected a moment"),
    ("pushes", {"count": 1, "value": [{**PUSH, "refUpdates": [1]}]}, r"refUpdates\[0\]: got a number"),
    ("statistics", {"count": 1, "value": [{"aheadCount": "many"}]}, r"\[0\]\.aheadCount: got a text"),
    ("statistics", {"count": 1, "value": [{"commit": 7}]}, r"\[0\]\.commit: got a number"),
    ("pull requests", {"count": 1, "value": [{"lastMergeSourceCommit": "x"}]}, "lastMergeSourceCommit: got a text"),
    ("policies", {"count": 1, "value": [{"settings": {"scope": ["x"]}}]}, r"settings\.scope\[0\]: got a text"),
])
def test_a_reply_of_other_types_is_told_with_its_place(what: str, reply: object, told: str) -> None:
    with connected(Service(lambda _: json_response(reply))) as devops, pytest.raises(
            errors.NotAzureDevOps, match=f"200: '.*{told}"):
        READS[what](devops)
