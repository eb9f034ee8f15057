"""Our jobs among all others of a workspace: found by their tags, without a walk over thousands of foreign ones.

The list knows no filter but the exact name. So the newest jobs are looked at as they come, up to a bound, and, where
there are more, each job of ours is asked for by its name. What is found is ours by its tags alone.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from steps.lib import agent
from steps.lib.config.conventions import MANAGED_BY
from steps.lib.databricks.client import Answer, Databricks
from steps.lib.http import side_by_side
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.wording import counted

LIST = "/api/2.2/jobs/list"
GET = "/api/2.2/jobs/get"
PAGE_SIZE = 100
MOST_PAGES = 5
# https://docs.databricks.com/api/workspace/jobs/list: lists inside a job are shown up to their hundredth entry.
_MANAGED = {"managed_by": MANAGED_BY}
_LISTS = ("tasks", "job_clusters", "environments", "parameters")


@dataclass(frozen=True)
class Listed:
    """`jobs` that may be ours, each once; `is_complete` where no other job can be seen in the workspace."""

    jobs: tuple[FoundJob, ...]
    is_complete: bool


def look_up(databricks: Databricks, names: Sequence[str], *, to_the_end: bool = False) -> Listed:
    """The jobs of these `names`, and of the newest 500 those this library manages; of all where `to_the_end`."""
    agent.info(f"look for {counted(len(names), 'job')} among those of the workspace")
    first = databricks.get(LIST, _query())
    token = first.get("next_page_token") or ""
    known = {name.casefold() for name in names}
    if not token:
        return Listed(_once([_jobs(first)], known), is_complete=True)
    rest = _Rest(databricks, token, None if to_the_end else MOST_PAGES - 1)
    searches: list[Callable[[], list[FoundJob]]] = [
        rest.read, *(partial(find_by_name, databricks, name) for name in names)]
    found = side_by_side.each(lambda search: search(), searches).results()
    return Listed(_once([*found[1:], _jobs(first), found[0]], known), rest.is_complete)


def find_by_name(databricks: Databricks, name: str) -> list[FoundJob]:
    """Every job of exactly this name; the workspace compares in any case."""
    rows = databricks.pages(LIST, "jobs", {**_query(), "name": name})
    return [FoundJob(row) for row in rows]


def read_whole(databricks: Databricks, job: FoundJob) -> FoundJob:
    """`job` with all of its settings, also those that lists leave out, over all pages."""
    body, *pages = databricks.answers(GET, {"job_id": job.job_id})
    settings = dict(body.get("settings") or {})
    for page in pages:
        for key in _LISTS:
            more = (page.get("settings") or {}).get(key) or []
            settings |= {key: [*(settings.get(key) or []), *more]} if more else {}
    return FoundJob({**body, "settings": settings, "has_more": False}, is_whole=True)


class _Rest:
    """The pages after the first, without the tasks of what is most likely foreign."""

    def __init__(self, databricks: Databricks, token: str, most: int | None) -> None:
        self._databricks = databricks
        self._token = token
        self._most = most
        self.is_complete = False

    def read(self) -> list[FoundJob]:
        return [job for page in self._pages() for job in _jobs(page, is_expanded=False) if job.has_tags(_MANAGED)]

    def _pages(self) -> Iterator[Answer]:
        pages = self._databricks.answers(LIST, {**_query(expand=False), "page_token": self._token})
        for page in islice(pages, self._most):
            yield page
            self.is_complete = not page.get("next_page_token")


def _query(*, expand: bool = True) -> dict[str, object]:
    return {"limit": PAGE_SIZE, "expand_tasks": expand}


def _jobs(page: Mapping[str, Any], *, is_expanded: bool = True) -> list[FoundJob]:
    return [FoundJob(row if is_expanded else {**row, "has_more": True}) for row in page.get("jobs") or []]


def _once(lists: Iterable[Iterable[FoundJob]], names: Collection[str]) -> tuple[FoundJob, ...]:
    """Those of our names or tags. Of a job that was seen twice, the first counts: it is the one with its tasks."""
    jobs: dict[int, FoundJob] = {}
    for found in lists:
        for job in found:
            if job.has_tags(_MANAGED) or job.name.casefold() in names:
                jobs.setdefault(job.job_id, job)
    return tuple(jobs.values())
