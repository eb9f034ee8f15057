"""Who may do what with a job, whom it may be told to run as, and whose it is."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import ApiError, denied, deny, invalid, refuse, refuse_missing, unknown_principal
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.permissions.access import JOBS

if TYPE_CHECKING:
    from sandbox.databricks.call import Call

# The service lists who might: https://github.com/databricks/cli, acceptance tests recorded in a workspace.
_WHO_MAY = {"CAN_VIEW": "View or Admin or Manage Run or Owner", "CAN_MANAGE_RUN": "Admin or Manage Run or Owner",
            "CAN_MANAGE": "Admin or Owner"}
_RUN_AS_KINDS = (PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL)


def job_of(call: Call, fields: dict[str, Any], level: str) -> Job:
    """The job `fields` name. Rights come before existence: a stranger does not learn whether the job is there."""
    if "job_id" not in fields:
        refuse_missing("job_id")
    job_id = fields["job_id"]
    if call.state.access.level(JOBS, str(job_id), call.caller) < JOBS.rank(level):
        message = f"User {call.caller.name} does not have {_WHO_MAY[level]} permissions on job {job_id}"
        raise denied(message)
    job = call.state.jobs.find(job_id)
    if job is None:
        # 400 and not 404: the SDK has an override for exactly this reply.
        message = f"Job {job_id} does not exist."
        raise invalid(message)
    return job


def run_as_of(call: Call, settings: dict[str, Any]) -> Principal | None:
    """Who the request wants the job to run as, if it says. Only admins may name another user."""
    wanted = settings.get("run_as")
    if wanted is None:
        return None
    named = [kind for kind in _RUN_AS_KINDS if wanted.get(kind.value)]
    if len(named) != 1 or "group_name" in wanted:
        refuse("run_as must name exactly one of user_name and service_principal_name")
    principal = call.state.directory.find(named[0], wanted[named[0].value])
    if principal is None:
        raise unknown_principal(named[0].value, wanted[named[0].value])
    if not _may_run_as(call, principal):
        deny(f"User {call.caller.name} is not allowed to set run_as to {principal.name}: non-admins may name "
             "themselves, or a service principal on which they have the role servicePrincipal/user.")
    return principal


def set_first_rights(call: Call, job_id: int, entries: list[dict[str, Any]]) -> None:
    """The creator owns a new job, unless the request names another owner. A refused list leaves nothing behind."""
    access = call.state.access
    access.add_object(JOBS, str(job_id), call.caller)
    named = any(entry.get("permission_level") == "IS_OWNER" for entry in entries)
    try:
        access.change(JOBS, str(job_id), entries, replace=named)
    except ApiError:
        access.remove_object(JOBS, str(job_id))
        raise


def _may_run_as(call: Call, principal: Principal) -> bool:
    return (principal.id == call.caller.id or call.is_admin
            or (call.caller.key, principal.key) in call.state.service_principal_users)
