"""Permissions of people and service principals, as bits on tokens of a security namespace.

https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps

ENTRIES = "ac08c8ff-4323-4b08-af90-bcd018d380ce"
LISTS = "18a2ad18-7571-46ae-bec7-0c7da1495885"

GIT = "2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87"
BUILD = "33344d9c-fc72-4d6f-aba5-fa317101a7e9"
LIBRARY = "b7e84409-6553-448a-bbb2-af228e07cbeb"
ENVIRONMENT = "83d4c2e6-e57d-4d6e-892b-b87222b7ad20"
QUEUE = "101eae8c-1709-47f9-b228-0e476c35b3ba"
ENDPOINTS = "49b48001-ca20-4adc-8111-5b60c903a50c"
_BRANCHES = "refs/heads/"
PROJECT = "52d39943-cb85-4d7f-8fa8-c6baac873819"


@dataclass(frozen=True)
class Entry:
    """What is set directly on a token for a descriptor; what it inherits is not in it."""

    allow: int = 0
    deny: int = 0


def entry_of(azure_devops: AzureDevOps, namespace: str, token: str, descriptor: str) -> Entry:
    """The bits `descriptor` has on exactly this token."""
    query = {"token": token, "descriptors": descriptor, "includeExtendedInfo": False, "recurse": False}
    rows = azure_devops.pages(LISTS, route={"securityNamespaceId": namespace}, query=query)
    for row in rows:
        entries: Mapping[str, Mapping[str, Any]] = row.get("acesDictionary") or {}
        for known, entry in entries.items():
            if str(row.get("token", "")).casefold() == token.casefold() and known.casefold() == descriptor.casefold():
                return _entry(entry)
    return Entry()


def entries_below(azure_devops: AzureDevOps, namespace: str, token: str, descriptor: str) -> dict[str, Entry]:
    """What `descriptor` has on `token` and on each token below it, by token in lower case: one request."""
    query = {"token": token, "descriptors": descriptor, "includeExtendedInfo": False, "recurse": True}
    rows = azure_devops.pages(LISTS, route={"securityNamespaceId": namespace}, query=query)
    return {str(row.get("token", "")).casefold(): _entry(one) for row in rows
            for known, one in (row.get("acesDictionary") or {}).items() if known.casefold() == descriptor.casefold()}


def branch_token(project_id: str, repository_id: str, ref: str) -> str:
    """The token of a branch, or of a folder of branches; `ref` is a full one, `refs/heads/feature`.

    Each part of the name stands in UTF-16LE as hex, which is how the service writes branches in tokens.
    """
    parts = ref.removeprefix(_BRANCHES).split("/")
    return "/".join(["repoV2", project_id, repository_id, "refs", "heads",
                     *(part.encode("utf-16-le").hex() for part in parts)])


def grant(azure_devops: AzureDevOps, namespace: str, token: str, descriptor: str, allow: int) -> None:
    """Allow these bits besides what is allowed already."""
    _merge(azure_devops, namespace, token, {"descriptor": descriptor, "allow": allow, "deny": 0})


def deny(azure_devops: AzureDevOps, namespace: str, token: str, descriptor: str, bits: int) -> None:
    """Deny these bits on exactly this token; the rest stays."""
    _merge(azure_devops, namespace, token, {"descriptor": descriptor, "allow": 0, "deny": bits})


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(int(row.get("allow") or 0), int(row.get("deny") or 0))


def _merge(azure_devops: AzureDevOps, namespace: str, token: str, entry: Mapping[str, Any]) -> None:
    body = {"token": token, "merge": True, "accessControlEntries": [{**entry, "extendedInfo": {}}]}
    azure_devops.send("POST", ENTRIES, route={"securityNamespaceId": namespace}, body=body, repeatable=True)
