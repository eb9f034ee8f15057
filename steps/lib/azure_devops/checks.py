"""Checks of protected resources as values: their bodies as the service takes them, and how two of them compare.

https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

APPROVAL = "8c6f20a7-a545-4486-9777-f762fafe0d4d"
EXCLUSIVE_LOCK = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
REQUIRED_TEMPLATE = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3"
TASK = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"
BRANCH_CONTROL = "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"
THIRTY_DAYS = 43200
_NAMES = {APPROVAL: "Approval", EXCLUSIVE_LOCK: "ExclusiveLock", REQUIRED_TEMPLATE: "ExtendsCheck", TASK: "Task Check"}


@dataclass(frozen=True)
class Resource:
    """What a check or a pipeline permission hangs on. `id` is a text, also where it is a number.

    Kinds: `environment`, `variablegroup`, `endpoint`, `queue`, `repository` (id `{project id}.{repository id}`).
    """

    kind: str
    id: str
    name: str = ""

    @property
    def reference(self) -> dict[str, str]:
        return {"type": self.kind, "id": self.id, "name": self.name}


@dataclass(frozen=True)
class Check:
    """One check as it should be. `timeout` is in minutes."""

    type_id: str
    settings: Mapping[str, Any]
    timeout: int = THIRTY_DAYS

    @property
    def kind(self) -> str:
        """What it does, in a person's words."""
        if self.type_id == TASK:
            ref = self.settings.get("definitionRef")
            is_branch = isinstance(ref, Mapping) and str(ref.get("id", "")).lower() == BRANCH_CONTROL
            return "branch control" if is_branch else "task check"
        return {APPROVAL: "approval", EXCLUSIVE_LOCK: "exclusive lock",
                REQUIRED_TEMPLATE: "required template"}.get(self.type_id, "check of another kind")

    def same_as(self, other: Check) -> bool:
        """Whether the service does the same for both: it reorders lists, fills in fields, and turns case."""
        return (self.kind, self.timeout, _essence(self)) == (other.kind, other.timeout, _essence(other))

    def body(self, resource: Resource) -> dict[str, Any]:
        return {"type": {"id": self.type_id, "name": _NAMES[self.type_id]}, "settings": dict(self.settings),
                "resource": resource.reference, "timeout": self.timeout}


def approval(approvers: Sequence[str], *, minimum: int, in_sequence: bool = False, requester_may: bool = False,
             instructions: str = "", timeout: int = THIRTY_DAYS) -> Check:
    """`approvers` are storage keys of people or groups; all of them have to agree where `minimum` is 0."""
    return Check(APPROVAL, {
        "approvers": [{"id": one} for one in approvers],
        "executionOrder": "inSequence" if in_sequence else "anyOrder",
        "minRequiredApprovers": minimum,
        "requesterCannotBeApprover": not requester_may,
        "instructions": instructions,
        "blockedApprovers": [],
    }, timeout)


def exclusive_lock() -> Check:
    return Check(EXCLUSIVE_LOCK, {})


def branch_control(refs: Sequence[str]) -> Check:
    """Self and every repository of the run have to be at one of `refs`, full names that may hold `*`."""
    return Check(TASK, {
        "displayName": "Branch control",
        "definitionRef": {"id": BRANCH_CONTROL, "name": "evaluatebranchProtection", "version": "0.0.1"},
        "inputs": {"allowedBranches": ",".join(refs), "ensureProtectionOfBranch": "false",
                   "allowUnknownStatusBranch": "false"},
        "retryInterval": 5,
    })


def required_template(repository: str, refs: Iterable[str], *paths: str) -> Check:
    """The pipeline has to extend one of `paths` of `repository` (`project/name`) at one of `refs`."""
    return Check(REQUIRED_TEMPLATE, {"extendsChecks": [
        {"repositoryType": "git", "repositoryName": repository, "repositoryRef": ref, "templatePath": path}
        for ref in refs for path in paths]})


def read_check(configuration: Mapping[str, Any]) -> Check:
    """A check as the service shows it."""
    settings = configuration.get("settings")
    type_id = str(configuration.get("type", {}).get("id", "")).lower()
    return Check(type_id, settings if isinstance(settings, dict) else {},
                 int(configuration.get("timeout") or THIRTY_DAYS))


def _essence(check: Check) -> object:
    settings = check.settings
    if check.type_id == APPROVAL:
        people = [str(one.get("id", "")).lower() for one in settings.get("approvers") or []]
        in_sequence = str(settings.get("executionOrder", "anyOrder")).lower() == "insequence"
        return (people if in_sequence else sorted(people), in_sequence, int(settings.get("minRequiredApprovers") or 0),
                bool(settings.get("requesterCannotBeApprover")), settings.get("instructions") or "")
    if check.type_id == REQUIRED_TEMPLATE:
        return sorted(_template(one) for one in settings.get("extendsChecks") or [])
    if check.type_id == TASK:
        inputs = settings.get("inputs") or {}
        branches = sorted(part.strip() for part in str(inputs.get("allowedBranches", "")).split(",") if part.strip())
        return (branches, str(inputs.get("ensureProtectionOfBranch", "false")).lower(),
                str(inputs.get("allowUnknownStatusBranch", "false")).lower())
    return ()


def _template(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return (str(one.get("repositoryName", "")).casefold(), str(one.get("repositoryRef", "")),
            str(one.get("templatePath", "")).lstrip("/"))
