"""An approval as the service shows it: who was asked, who said what, and what the caller may do."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.checks.approvals import ApprovalError, Decision, PendingApproval
from sandbox.azure_devops.checks.protection import Approver
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, timestamp
from sandbox.azure_devops.rest.signatures import identity_reference


def approval_view(call: Call, project: Project, approval: PendingApproval) -> dict[str, Any]:
    """With its steps and the caller's permissions where `$expand` asks for them."""
    asked = {one.strip().casefold() for one in (call.query("$expand") or "").split(",")}
    check = approval.approval
    url = f"{call.organisation.collection_uri}{project.id}/_apis/pipelines/approvals/{approval.id}"
    last = approval.decisions[-1].time if approval.decisions else approval.opened
    return {
        "id": approval.id, "status": approval.status, "createdOn": timestamp(approval.opened),
        "lastModifiedOn": timestamp(last), "executionOrder": "inSequence" if check.in_sequence else "anyOrder",
        "minRequiredApprovers": approval.needed, "instructions": check.instructions,
        "blockedApprovers": [_person(call, one) for one in check.blocked],
        **({"steps": _steps(call, approval)} if asked & {"steps", "1", "3"} else {}),
        **({"permissions": _permissions(call, approval)} if asked & {"permissions", "2", "3"} else {}),
        "_links": {"self": {"href": url}}, "pipeline": _pipeline(call, project, approval),
    }


def _steps(call: Call, approval: PendingApproval) -> list[dict[str, Any]]:
    decided = {decision.approver: decision for decision in approval.decisions}
    steps = []
    for order, approver in enumerate(approval.approval.approvers, start=1):
        decision = decided.get(approver)
        row = {"assignedApprover": _person(call, approver), "status": _status(approval, approver, decision),
               "order": order, "initiatedOn": timestamp(approval.opened), "history": []}
        if decision:
            row |= {"actualApprover": _decider(call, decision), "comment": decision.comment,
                    "lastModifiedOn": timestamp(decision.time), "lastModifiedBy": _decider(call, decision)}
        steps.append(row)
    return steps


def _status(approval: PendingApproval, approver: Approver, decision: Decision | None) -> str:
    if decision:
        return "approved" if decision.approved else "rejected"
    if approval.status == "pending":
        return "pending" if approver in approval.open else "uninitiated"
    return approval.status if approval.status in ("canceled", "timedOut") else "skipped"


def _permissions(call: Call, approval: PendingApproval) -> str:
    try:
        approval.approver_for(call.member.identity)
    except ApprovalError:
        return "view"
    return "update"


def _person(call: Call, approver: Approver) -> dict[str, Any]:
    member = call.organisation.directory.get(approver.id)
    return identity_reference(call, member) if member else {"id": approver.id, "displayName": approver.name}


def _decider(call: Call, decision: Decision) -> dict[str, Any]:
    member: Member = call.organisation.directory.of(decision.person)
    return identity_reference(call, member)


def _pipeline(call: Call, project: Project, approval: PendingApproval) -> dict[str, Any]:
    """`owner` is the run that waits."""
    pipeline = project.library.pipeline(approval.pipeline)
    name = pipeline.name if pipeline else ""
    base = f"{call.organisation.collection_uri}{project.id}"
    return {"owner": {"id": approval.run, "name": str(approval.run),
                      "_links": {"self": {"href": f"{base}/_apis/build/Builds/{approval.run}"}}},
            "id": str(approval.pipeline), "name": name}
