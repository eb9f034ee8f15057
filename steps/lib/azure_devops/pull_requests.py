"""Pull requests of a repository, and the policies that ask for one.

https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.project_settings import branch_policies
from steps.lib.azure_devops.repositories import Repository

PULL_REQUESTS = "9946fd70-0d40-406e-b686-b4744cbbcc37"


@dataclass(frozen=True)
class PullRequest:
    """`web_url` is the page for people."""

    id: int
    source: str
    target: str
    web_url: str


def active_pull_request(devops: AzureDevOps, where: Repository, source: str, target: str) -> PullRequest | None:
    """The open one from `source` to `target`, both full refs; the service allows no second."""
    query = {"searchCriteria.status": "active", "searchCriteria.sourceRefName": source,
             "searchCriteria.targetRefName": target}
    found = (_pull_request(where, row) for row in devops.pages(PULL_REQUESTS, route=where.route, query=query))
    return next((one for one in found if (one.source, one.target) == (source, target)), None)


def create_pull_request(devops: AzureDevOps, where: Repository, *, source: str, target: str, title: str,
                        description: str) -> PullRequest:
    """A new one; a Conflict where one is open already, which is also how a lost reply shows after the second try."""
    body = {"sourceRefName": source, "targetRefName": target, "title": title, "description": description}
    row = devops.send("POST", PULL_REQUESTS, route=where.route, body=body, repeatable=True)
    return _pull_request(where, row)


def demands_pull_request(devops: AzureDevOps, where: Repository, ref: str) -> bool:
    """Whether a policy in force on the branch `ref` forbids to push to it.

    Policies on pushes, such as a limit of file sizes, hang on the repository as a whole and do not count.
    """
    return any(row.get("isEnabled") and row.get("isBlocking") and _is_of_branches(row)
               for row in branch_policies(devops, where, ref))


def _is_of_branches(policy: Mapping[str, Any]) -> bool:
    scopes = policy.get("settings", {}).get("scope", [])
    return any(scope.get("refName") or str(scope.get("matchKind")).lower() == "defaultbranch" for scope in scopes)


def _pull_request(where: Repository, row: Mapping[str, Any]) -> PullRequest:
    number = int(row["pullRequestId"])
    return PullRequest(number, str(row["sourceRefName"]), str(row["targetRefName"]),
                       f"{where.web_url}/pullrequest/{number}")
