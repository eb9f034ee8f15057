"""The document that a person would have posted for a check."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.azure_devops.checks.check_record import (
    APPROVAL,
    BRANCH_CONTROL,
    EXCLUSIVE_LOCK,
    REQUIRED_TEMPLATE,
    TASK,
    CheckRecord,
)
from sandbox.azure_devops.checks.protection import Approval, Approver, BranchControl, Check, RequiredTemplate
from sandbox.azure_devops.identities.directory import Directory
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.projects.resources import Resource
from sandbox.pipelines.request import Identity

_PHASES = {"dynamic": "26014962-64a0-49f4-885b-4b874119a5cc",
           "pre-check approval": "0f52a19b-c67e-468f-b8eb-0ae83b532c99",
           "post-check approval": "06441319-13fb-4756-b198-c2da116894a4"}


def posted(check: Check, resource: Resource, organisation: Organisation) -> CheckRecord:
    kind, settings = _settings(check, organisation.directory)
    minutes = int(check.timeout_minutes) if isinstance(check, Approval) else 43200
    return CheckRecord(organisation.home.id, resource, kind, settings, minutes)


def _settings(check: Check, directory: Directory) -> tuple[str, dict[str, Any]]:
    if isinstance(check, Approval):
        return APPROVAL, _approval(check, directory)
    if isinstance(check, BranchControl):
        return TASK, {"definitionRef": {"id": BRANCH_CONTROL}, "inputs": {"allowedBranches": ",".join(check.allowed)}}
    if isinstance(check, RequiredTemplate):
        return REQUIRED_TEMPLATE, {"extendsChecks": [
            {"repositoryType": "git", "repositoryName": one.repository, "repositoryRef": one.ref,
             "templatePath": one.path} for one in check.allowed]}
    return EXCLUSIVE_LOCK, {}


def _approval(check: Approval, directory: Directory) -> dict[str, Any]:
    return {
        "approvers": _members(check.approvers, directory), "blockedApprovers": _members(check.blocked, directory),
        "minRequiredApprovers": check.minimum, "executionOrder": "inSequence" if check.in_sequence else "anyOrder",
        "requesterCannotBeApprover": not check.requester_may_approve, "instructions": check.instructions,
        "definitionRef": {"id": _PHASES[check.phase]},
    }


def _members(approvers: Sequence[Approver], directory: Directory) -> list[dict[str, str]]:
    """One person for each approver with one member, a new group for each with several."""
    return [{"id": _member(one, directory)} for one in approvers]


def _member(approver: Approver, directory: Directory) -> str:
    people = [directory.of(Identity(email, email)) for email in approver.members]
    if len(people) == 1:
        return people[0].id
    group = directory.add_group(approver.name)
    for person in people:
        directory.join(person, group)
    return group.id
