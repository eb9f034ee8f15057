"""Under whose name a job runs."""
from __future__ import annotations

from sandbox.databricks.directory import Directory, Principal
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.permissions.access import JOBS, Access


def runs_as(directory: Directory, access: Access, job: Job) -> Principal | None:
    """Who was set, else the owner; None where that one is no longer there."""
    return directory.by_id(job.run_as) if job.run_as else access.owner(JOBS, str(job.job_id))
