"""The Jobs API 2.0, 2.1 and 2.2: create, reset, update, delete, read."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes, routes_below
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.jobs.job import Job, Settings
from sandbox.databricks.jobs.job_access import job_of, run_as_of, set_first_rights
from sandbox.databricks.jobs.job_list import list_jobs
from sandbox.databricks.jobs.job_view import PAGED, job_row, paged, shown_settings
from sandbox.databricks.jobs.references import check_references
from sandbox.databricks.jobs.settings_form import kept_settings
from sandbox.databricks.jobs.settings_merge import merged
from sandbox.databricks.jobs.settings_rules import check_settings
from sandbox.databricks.permissions.access import JOBS

VERSIONS = ("2.0", "2.1", "2.2")


def job_routes() -> Routes:
    handlers = {"POST create": _create, "POST reset": _reset, "POST update": _update, "POST delete": _delete,
                "GET get": _get, "GET list": list_jobs}
    return [route for version in VERSIONS for route in routes_below(f"/api/{version}/jobs", handlers)]


def _create(call: Call) -> dict[str, Any]:
    asked = call.fields(_endpoint(call, "jobs/create"))
    settings = _checked(call, asked, queues=call.version == "2.2")
    run_as = run_as_of(call, asked)
    store = call.state.jobs
    store.check_quota(call.now)
    job = Job(store.new_id(), call.caller.name, settings, call.now, run_as.id if run_as else "")
    # Rights first: a list that is refused leaves no job behind.
    set_first_rights(call, job.job_id, asked.get("access_control_list", []))
    store.add(job)
    return {"job_id": job.job_id}


def _reset(call: Call) -> dict[str, Any]:
    """Replaces everything, except that without `run_as` the job goes on running as whom it ran before."""
    fields = call.fields(_endpoint(call, "jobs/reset"))
    job = job_of(call, fields, "CAN_MANAGE")
    if "new_settings" not in fields:
        refuse_missing("new_settings")
    new = fields["new_settings"]
    _change(call, job, _checked(call, new, queues=call.version == "2.2"), run_as_of(call, new))
    return {}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields(_endpoint(call, "jobs/update"))
    job = job_of(call, fields, "CAN_MANAGE")
    new = fields.get("new_settings", {})
    whole = merged(job.settings, new, fields.get("fields_to_remove", []))
    _change(call, job, _checked(call, whole, queues=False), run_as_of(call, new))
    return {}


def _change(call: Call, job: Job, settings: Settings, run_as: Principal | None) -> None:
    """Active runs go on with the old settings, except for the timeout.

    https://docs.databricks.com/api/workspace/jobs/update
    """
    timeout = settings["timeout_seconds"]
    if timeout != job.settings["timeout_seconds"]:
        call.state.runs.set_timeout(job.job_id, timeout)
    call.state.jobs.change(job, settings, run_as=run_as.id if run_as else job.run_as)


def _delete(call: Call) -> dict[str, Any]:
    """Active runs of a deleted job are cancelled; its runs stay readable for those who started them."""
    job = job_of(call, call.fields("jobs/delete"), "CAN_MANAGE")
    call.state.runs.cancel_all(job.job_id)
    call.state.jobs.remove(job)
    call.state.access.remove_object(JOBS, str(job.job_id))
    return {}


def _get(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/get")
    job = job_of(call, fields, "CAN_VIEW")
    row, settings = job_row(call.state, job), shown_settings(job, call.version)
    if call.version != "2.2":
        return {**row, "settings": settings}
    settings, token = paged(settings, PAGED, fields.get("page_token", ""))
    return {**row, "settings": settings, **({"next_page_token": token, "has_more": True} if token else {})}


def _checked(call: Call, asked: Settings, *, queues: bool) -> Settings:
    check_settings(asked, serverless=call.state.serverless)
    check_references(call.state, asked)
    return kept_settings(asked, queues=queues)


def _endpoint(call: Call, name: str) -> str:
    """Version 2.0 takes a single task at the top of the settings as well."""
    return f"{name} 2.0" if call.version == "2.0" else name
