"""jobs/list: newest first, by name, page by page."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.jobs.job_view import PAGED, job_row, paged, shown_settings
from sandbox.databricks.jobs.pages import Cut, Page, page_of
from sandbox.databricks.permissions.access import JOBS

_DEFAULT = 20
_LARGEST = {"2.0": 100, "2.1": 25, "2.2": 100}
_LARGEST_OFFSET = 1000


def list_jobs(call: Call) -> dict[str, Any]:
    """Without jobs only `has_more` is told, by 2.0 nothing: a list that is empty is never sent.

    https://github.com/databrickslabs/overwatch/issues/584, https://github.com/databricks/databricks-cli/issues/172
    """
    fields = call.fields("jobs/list")
    page = _page(call, fields)
    expand = fields.get("expand_tasks", False)
    rows = [_row(call, job, expand=expand) for job in page.rows.values()]
    if not rows:
        return {} if call.version == "2.0" else {"has_more": page.has_more}
    tokens = {"next_page_token": page.next_page_token, "prev_page_token": page.prev_page_token}
    return {"jobs": rows, "has_more": page.has_more, **(tokens if call.version != "2.0" else {})}


def _page(call: Call, fields: dict[str, Any]) -> Page[Job]:
    limit, offset = _limit(call.version, fields), fields.get("offset", 0)
    if not 0 <= offset <= _LARGEST_OFFSET:
        refuse(f"Invalid offset {offset} - it has to be no more than {_LARGEST_OFFSET}.")
    ids = call.state.jobs.ids(fields.get("name"))
    # Version 2.0 without a limit tells everything at once, as clients of that time expect.
    unpaged = call.version == "2.0" and "limit" not in fields
    cut = Cut(len(ids) if unpaged else limit, offset, fields.get("page_token", ""))
    if call.is_admin:
        return page_of(ids, call.state.jobs.find, cut)
    return page_of(ids, _look(call), cut, lambda: sorted(_seen(call, ids)))


def _limit(version: str, fields: dict[str, Any]) -> int:
    limit: int = fields.get("limit", _DEFAULT)
    if limit > _LARGEST[version]:
        refuse(f"Invalid limit {limit} - it has to be no more than {_LARGEST[version]}.")
    if limit < 0:
        refuse(f"Invalid limit {limit} - it has to be greater than 0.")
    return limit or _LARGEST[version]


def _look(call: Call) -> Callable[[int], Job | None]:
    """How one who is no admin looks at jobs: who has no right on a job does not see it."""
    jobs, access = call.state.jobs, call.state.access
    identities = frozenset(who.id for who in call.identities)
    return lambda job_id: jobs.find(job_id) if access.names_one_of(JOBS, str(job_id), identities) else None


def _seen(call: Call, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that one who is no admin sees."""
    granted = {int(job_id) for job_id in call.state.access.granted_to(JOBS, call.identities)}
    if ids is call.state.jobs.ids():
        return {job_id for job_id in granted if call.state.jobs.find(job_id)}
    return granted.intersection(ids)


def _row(call: Call, job: Job, *, expand: bool) -> dict[str, Any]:
    """Lists are told when asked for; a job of a single task has none where version 2.0 tells it."""
    row = job_row(call.state, job)
    settings = shown_settings(job, call.version, arrays=expand)
    if call.version != "2.2" or not expand:
        return {**row, "settings": settings}
    settings, token = paged(settings, PAGED, "")
    return {**row, "settings": settings, "has_more": bool(token)}
