"""Compares the jobs a product asks for with those the workspace has; reads only."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.config.conventions import MANAGED_BY, tag_value
from steps.lib.databricks.client import Databricks
from steps.lib.errors import InputError
from steps.lib.http import side_by_side
from steps.lib.jobs.databricks_job import DatabricksJob, databricks_jobs
from steps.lib.jobs.deployed import job_search
from steps.lib.jobs.deployed.job_difference import differences
from steps.lib.jobs.deployed.job_plan import JobPlan, Match, Orphan, Plan, match, orphans
from steps.lib.jobs.job_config import job_configs
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.jobs.job_rules import name_findings
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment


@dataclass(frozen=True)
class Scope:
    """Whose jobs they are. `deletes_orphans`: those that left the product's file are to go."""

    environment: TargetEnvironment
    repository: str
    deletes_orphans: bool = False

    @property
    def tags(self) -> dict[str, str]:
        """What all jobs of the product in this environment carry."""
        return {"environment": self.environment.value, "repo": tag_value(self.repository), "managed_by": MANAGED_BY}


def wanted_jobs(document: Document, deployment: JobDeployment) -> list[DatabricksJob]:
    """Every job of `jobs_config.json` as it shall be; an InputError with all that is wrong with them."""
    jobs = databricks_jobs(document, deployment)
    findings = [*name_findings(job_configs(document, deployment.environment), deployment.repository),
                *(finding for job in jobs for finding in job.findings)]
    if findings:
        raise InputError(sorted(set(findings)))
    return jobs


def plan_jobs(jobs: Sequence[DatabricksJob], scope: Scope, databricks: Databricks) -> Plan:
    """An InputError where it is in doubt which job of the workspace is whose; then nothing is touched."""
    listed = job_search.look_up(databricks, [job.name for job in jobs], to_the_end=scope.deletes_orphans)
    if not listed.is_complete:
        agent.info(f"looked through the newest {job_search.PAGE_SIZE * job_search.MOST_PAGES:,} jobs and asked for the "
                   "others by name; older ones that left jobs_config.json are found only with ORPHANED_JOBS=delete")
    matches = match(jobs, listed.jobs, scope.repository, databricks.host)
    plans = side_by_side.each(lambda one: _compared(databricks, one), matches).results()
    left = orphans(jobs, listed.jobs, scope.repository, scope.tags)
    return Plan(tuple(plans), tuple(Orphan(one, scope.deletes_orphans) for one in left))


def _compared(databricks: Databricks, one: Match) -> JobPlan:
    found = one.found
    if found is not None and found.needs_reading:
        found = job_search.read_whole(databricks, found)
    changes = differences(one.job.body, found, one.job.values) if found else []
    return JobPlan(one.job, found, tuple(changes))
