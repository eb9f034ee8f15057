"""Approvals that stages wait for: https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.checks.approvals import ApprovalDesk, ApprovalError, PendingApproval
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.checks.approval_view import approval_view
from sandbox.azure_devops.rest.checks.check_errors import no_approval, refused_approval
from sandbox.azure_devops.rest.errors import needed, not_modelled, wrong

_DECISIONS = {"approved": True, "4": True, "rejected": False, "8": False}
_ALL = ("", "all", "undefined")


def routes() -> Routes:
    area = "{project}/_apis/pipelines/approvals"
    return [("GET", area, _list), ("PATCH", area, _decide), ("GET", f"{area}/{{id}}", _get)]


def _list(call: Call) -> dict[str, Any]:
    """By ids, by state, and by who is asked; newest first. `$expand` brings steps and permissions."""
    project = call.project()
    ids = {one.strip().casefold() for one in (call.query("approvalIds") or "").split(",") if one.strip()}
    state = (call.query("state") or "").casefold()
    people = {one.strip().casefold() for one in (call.query("userIds") or "").split(",") if one.strip()}
    found = [one for one in reversed(_desk(call).approvals())
             if _is_of(project, one) and (not ids or one.id in ids) and state in (*_ALL, one.status.casefold())
             and (not people or people & {approver.id for approver in one.approval.approvers})]
    return collection(approval_view(call, project, one) for one in found[:call.number("top", len(found)) or None])


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return approval_view(call, project, _found(call, project, call.argument("id")))


def _decide(call: Call) -> dict[str, Any]:
    """Several at once: each is looked at before the first is decided."""
    project, rows = call.project(), call.body()
    if not isinstance(rows, list) or not rows:
        raise needed(parameter="updateParameters")
    wishes = [_wish(call, project, row) for row in rows]
    for approval, _, __ in wishes:
        try:
            approval.approver_for(call.member.identity)
        except ApprovalError as error:
            raise refused_approval(str(error), still_open=approval.status == "pending") from error
    return collection(approval_view(call, project, _taken(call, *wish)) for wish in wishes)


def _taken(call: Call, approval: PendingApproval, approved: bool, comment: str) -> PendingApproval:
    try:
        return _desk(call).decide(approval.id, call.member.identity, approved=approved, comment=comment)
    except ApprovalError as error:
        raise refused_approval(str(error), still_open=approval.status == "pending") from error


def _wish(call: Call, project: Project, row: object) -> tuple[PendingApproval, bool, str]:
    if not isinstance(row, Mapping) or not row.get("approvalId"):
        raise needed(parameter="approvalId")
    for field in ("assignedApprover", "deferredTo", "reassignTo"):
        if row.get(field):
            raise not_modelled(what=f"'{field}' of an approval", expected="a status")
    status = str(row.get("status", "")).casefold()
    if status not in _DECISIONS:
        raise wrong(message=f"The status {row.get('status')!r} is no decision, expected approved or rejected.")
    return _found(call, project, str(row["approvalId"])), _DECISIONS[status], str(row.get("comment") or "")


def _found(call: Call, project: Project, approval_id: str) -> PendingApproval:
    found = _desk(call).get(approval_id)
    if found is None or not _is_of(project, found):
        raise no_approval(approval_id)
    return found


def _is_of(project: Project, approval: PendingApproval) -> bool:
    return project.library.pipeline(approval.pipeline) is not None


def _desk(call: Call) -> ApprovalDesk:
    return call.organisation.checkpoint.approvals
