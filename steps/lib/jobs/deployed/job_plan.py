"""What has to be done so that a product's jobs in a workspace are as its files say."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from steps.lib.errors import InputError
from steps.lib.jobs.databricks_job import DatabricksJob
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_difference import SettingChange
from steps.lib.jobs.deployed.job_facts import cluster_of, schedule_of
from steps.lib.jobs.job_config import JOB_TAGS

JOB_TAG = "job"


class Action(str, Enum):
    CREATE = "create"
    EDIT = "edit"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Match:
    """A job that is wanted and the one that is there, None where it has to be created."""

    job: DatabricksJob
    found: FoundJob | None


@dataclass(frozen=True)
class JobPlan:
    """`changes` are those of an edit."""

    job: DatabricksJob
    found: FoundJob | None
    changes: tuple[SettingChange, ...] = ()

    @property
    def action(self) -> Action:
        if self.found is None:
            return Action.CREATE
        return Action.EDIT if self.changes else Action.UNCHANGED

    @property
    def lines(self) -> list[str]:
        if self.found is None:
            return [f"create: job {self.job.name}", *(f"  {name}: {value}" for name, value in _facts(self.job))]
        return [f"{self.action.value}: job {self.job.name} ({self.found.job_id})",
                *(f"  {change}" for change in self.changes)]


@dataclass(frozen=True)
class Orphan:
    """A job of ours that no file asks for any more. It stays unless somebody asked to delete it."""

    found: FoundJob
    is_deleted: bool

    @property
    def line(self) -> str:
        what = f"job {self.found.title}"
        # Whether a run is active changes by itself, and must not make an approved plan another one.
        return (f"delete: {what}, which is no longer in jobs_config.json, unless a run of it is active"
                if self.is_deleted else
                f"orphaned: {what} is no longer in jobs_config.json and is kept; ORPHANED_JOBS=delete would delete it")


@dataclass(frozen=True)
class Plan:
    jobs: tuple[JobPlan, ...]
    orphans: tuple[Orphan, ...]

    @property
    def changing(self) -> list[JobPlan]:
        return [plan for plan in self.jobs if plan.action is not Action.UNCHANGED]

    @property
    def count(self) -> int:
        """How many jobs would be written or deleted."""
        return len(self.changing) + sum(orphan.is_deleted for orphan in self.orphans)

    @property
    def lines(self) -> list[str]:
        return [*(line for plan in self.jobs for line in plan.lines), *(orphan.line for orphan in self.orphans)]


def match(jobs: Sequence[DatabricksJob], listed: Sequence[FoundJob], repository: str, host: str) -> list[Match]:
    """Each job with the one that carries its tags. An InputError tells every doubt: none of them is touched then."""
    by_tag, by_name = defaultdict(list), defaultdict(list)
    for found in listed:
        by_tag[(found.settings.get("tags") or {}).get(JOB_TAG)].append(found)
        by_name[found.name.casefold()].append(found)
    matches, problems = [], []
    for job in jobs:
        tags = job.config.tags_for(repository)
        ours = [found for found in by_tag[tags[JOB_TAG]] if found.has_tags(tags)]
        problem = _doubt(job, ours, by_name[job.name.casefold()], host)
        if problem:
            problems.append(str(job.config.view.finding((), problem)))
        matches.append(Match(job, ours[0] if ours else None))
    if problems:
        raise InputError(problems)
    return matches


def orphans(jobs: Sequence[DatabricksJob], listed: Sequence[FoundJob], repository: str,
            tags: Mapping[str, str]) -> list[FoundJob]:
    """Jobs with `tags`, those of the product in its environment, that are none of `jobs`."""
    wanted = {job.config.tags_for(repository)[JOB_TAG] for job in jobs}
    return [found for found in listed if found.has_tags(tags) and (found.settings.get("tags") or {}).get(JOB_TAG)
            not in {*wanted, None}]


def _facts(job: DatabricksJob) -> Iterator[tuple[str, str]]:
    """What an approver wants to know of a new job; the whole of it is among the generated files."""
    yield "cluster", cluster_of(job)
    schedule = schedule_of(job)
    if schedule:
        yield "schedule", schedule
    run_as = job.body.get("run_as")
    if isinstance(run_as, dict):
        yield "run_as", ", ".join(map(str, run_as.values()))


def _doubt(job: DatabricksJob, ours: Sequence[FoundJob], namesakes: Sequence[FoundJob], host: str) -> str:
    if len(ours) > 1:
        return (f"{len(ours)} jobs carry the tags of {job.name!r}, expected one: {_list(ours, host)}; delete those "
                "that are copies, or remove the tag managed_by from them")
    if namesakes and not ours:
        return (f"the workspace has a job {job.name!r} without the tags of this one, expected none: "
                f"{_list(namesakes, host)}; it is left alone: if it is this product's, give it the tags "
                f"{', '.join(JOB_TAGS)}, else let its owner rename it, or give this job another name")
    return ""


def _list(jobs: Sequence[FoundJob], host: str) -> str:
    return ", ".join(f"{job.title} {job.is_at(host)}" for job in jobs)
