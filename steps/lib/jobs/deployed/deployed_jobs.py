"""What became of each job, for people on the summary page, and with its id for the steps that come after."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from steps.lib.config.generated_files import write
from steps.lib.errors import InputError
from steps.lib.jobs.databricks_job import DatabricksJob
from steps.lib.jobs.deployed.found_job import address_of
from steps.lib.jobs.deployed.job_facts import cluster_of, schedule_of
from steps.lib.markdown import code
from steps.lib.wording import summed

DEPLOYED_JOBS_FILE = "deployed_jobs.json"


class State(str, Enum):
    CREATED = "created"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    ORPHANED = "orphaned"
    DELETED = "deleted"
    TO_BE_CREATED = "to be created"
    TO_BE_EDITED = "to be edited"
    TO_BE_DELETED = "to be deleted"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class DeployedJob:
    """`title` tells it from the other jobs of its product. `job_id` is None where it does not exist yet."""

    name: str
    title: str
    state: State
    job_id: int | None = None
    cluster: str = ""
    schedule: str = ""


def deployed(job: DatabricksJob, state: State, job_id: int | None) -> DeployedJob:
    return DeployedJob(job.name, job.config.title, state, job_id, cluster_of(job), schedule_of(job))


def write_jobs(generated: Path, jobs: Sequence[DeployedJob]) -> None:
    """For the steps after this one: jobs in the order of the product's file, those that are gone left out."""
    rows = [{"name": job.name, "job": job.title, "job_id": job.job_id, "state": job.state.value} for job in jobs
            if job.state not in (State.ORPHANED, State.DELETED, State.TO_BE_DELETED)]
    write(generated, DEPLOYED_JOBS_FILE, {"jobs": [*rows]})


def read_jobs(generated: Path) -> list[DeployedJob]:
    """What `write_jobs` left; an InputError says which step to run where it is not there or is something else."""
    file = f"{generated.name}/{DEPLOYED_JOBS_FILE}"
    try:
        rows = json.loads((generated / DEPLOYED_JOBS_FILE).read_text(encoding="utf-8"))["jobs"]
        return [DeployedJob(str(row["name"]), str(row["job"]), State(row["state"]), row["job_id"]) for row in rows]
    except FileNotFoundError as error:
        message = f"{file}: is missing, expected the jobs of this run; run create_or_edit_jobs before this step"
        raise InputError([message]) from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"{file}: is not what create_or_edit_jobs writes; run create_or_edit_jobs before this step"
        raise InputError([message]) from error


def table(jobs: Sequence[DeployedJob], host: str) -> list[str]:
    """The section of the summary page, in Markdown."""
    rows = [f"| {' | '.join(map(_cell, (job.name, job.cluster, job.schedule)))} | {job.state.value} "
            f"| {_link(job, host)} |" for job in jobs]
    return ["| job | cluster | schedule | state | |", "|---|---|---|---|---|", *rows] if rows else ["No jobs."]


def summary(jobs: Sequence[DeployedJob]) -> str:
    """`2 created, 1 unchanged`."""
    counts = Counter(job.state for job in jobs)
    return summed({state.value: counts[state] for state in State})


def _cell(text: str) -> str:
    """A cell ends at every bar, also at one inside code: https://github.github.com/gfm/#tables-extension-."""
    return code(text).replace("|", "\\|")


def _link(job: DeployedJob, host: str) -> str:
    is_there = job.job_id is not None and job.state is not State.DELETED
    return f"[open](<{address_of(host, int(job.job_id or 0))}>)" if is_there else ""
