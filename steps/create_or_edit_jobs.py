"""Gives the product its jobs: creates those that are absent, edits only those that differ, tells which are left over.

Reads: TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, REPOSITORY_NAME,
    DRY_RUN, ORPHANED_JOBS (keep or delete), CLUSTER_ID where a job runs on the high-concurrency cluster, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; job_clusters.json and job_libraries.json of the
    generated files.
Sets: deploymentRecord, the path of the record; with DRY_RUN also changes, how many jobs wait to be written or deleted.
Changes: the jobs of the workspace with the tags of this environment and repository; with ORPHANED_JOBS=delete also
    those that jobs_config.json does not name any more. Writes jobs/<name>.json, the body of each job, and
    deployed_jobs.json, their ids, in GENERATED_DIRECTORY.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.config.conventions import project_folder
from steps.lib.config.generated_files import JOB_CLUSTERS_FILE, JOB_LIBRARIES_FILE, JOBS_FOLDER, write
from steps.lib.config.product import jobs_config
from steps.lib.config.provenance import table
from steps.lib.databricks.connection import connect
from steps.lib.deployment.approved_plans import TO_BE_CREATED
from steps.lib.deployment.deployment import Deployment
from steps.lib.deployment.record import Entry
from steps.lib.errors import InputError
from steps.lib.jobs.databricks_job import DatabricksJob
from steps.lib.jobs.deployed.deployed_jobs import DeployedJob, summary, write_jobs
from steps.lib.jobs.deployed.deployed_jobs import table as table_of_jobs
from steps.lib.jobs.deployed.job_access import ME, job_grants
from steps.lib.jobs.deployed.job_apply import Application, planned
from steps.lib.jobs.deployed.job_calls import JobCalls
from steps.lib.jobs.deployed.job_plan import Plan
from steps.lib.jobs.deployed.job_planning import Scope, plan_jobs, wanted_jobs
from steps.lib.jobs.job_deployment import JobDeployment, principal_of
from steps.lib.jobs.parts import Parts
from steps.lib.settings import Reader

STEP = "create_or_edit_jobs"
# Beyond that nobody reads who set each value; the bodies are among the generated files.
MOST_TABLES = 20


class OrphanedJobs(str, Enum):
    KEEP = "keep"
    DELETE = "delete"


@dataclass(frozen=True)
class Settings:
    """`cluster_id` is empty where there is no high-concurrency cluster, and no id where it is still to be created."""

    product: Path
    repository: str
    orphaned_jobs: OrphanedJobs
    cluster_id: str
    deployment: Deployment

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        asked = reader.optional("ORPHANED_JOBS")
        return cls(
            product=reader.path("PRODUCT_DIRECTORY"),
            repository=reader.text("REPOSITORY_NAME"),
            orphaned_jobs=reader.choice("ORPHANED_JOBS", OrphanedJobs) if asked else OrphanedJobs.KEEP,
            cluster_id=reader.optional("CLUSTER_ID") or (TO_BE_CREATED if reader.flag("DRY_RUN") else ""),
            deployment=Deployment.read(reader),
        )

    @property
    def scope(self) -> Scope:
        return Scope(self.deployment.workspace.environment, self.repository,
                     deletes_orphans=self.orphaned_jobs is OrphanedJobs.DELETE)


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    deployment = settings.deployment
    jobs = desired(settings)
    for job in jobs:
        write(deployment.generated / JOBS_FOLDER, Path(job.file).name, job.body)
    with connect(deployment.workspace, environ, clock) as databricks:
        plan = plan_jobs(jobs, settings.scope, databricks)
        _show(plan)
        deployment.show_plan(plan.lines)
        with deployment.record(clock).entry(STEP, databricks.host, plan.lines) as entry:
            if deployment.dry_run:
                _tell(entry, planned(plan), settings)
                entry.result = deployment.planned(plan.count)
                return
            _apply(plan, settings, JobCalls(databricks, clock), entry)


def desired(settings: Settings) -> list[DatabricksJob]:
    """Every job as it shall be, put together from the configs and what the steps before have generated."""
    deployment, environment = settings.deployment, settings.deployment.workspace.environment
    folder = project_folder(environment, settings.repository, deployment.origin.requested_for)
    clusters, libraries = (Parts.from_json(deployment.generated_path(name), deployment.generated_file(name))
                           for name in (JOB_CLUSTERS_FILE, JOB_LIBRARIES_FILE))
    target = JobDeployment(environment, settings.repository, folder, deployment.team.document("jobs_config"),
                           run_as=principal_of(deployment.workspace), cluster_id=settings.cluster_id,
                           clusters=clusters, libraries=libraries)
    jobs = wanted_jobs(jobs_config(settings.product), target)
    if any(job.config.is_high_concurrency for job in jobs) and not settings.cluster_id:
        message = ("environment: CLUSTER_ID: missing, expected the high-concurrency cluster that jobs ask for; "
                   "run create_or_edit_cluster before this step")
        raise InputError([message])
    return jobs


def _apply(plan: Plan, settings: Settings, calls: JobCalls, entry: Entry) -> None:
    deployment = settings.deployment
    team = deployment.team.document("access_control_list")
    creates = any(one.found is None for one in plan.jobs)
    grants = job_grants(team, deployment.workspace, calls.databricks.get(ME)) if creates else []
    applied = Application(calls, settings.repository, grants).run(plan)
    _tell(entry, applied.jobs, settings)
    if applied.error:
        raise applied.error
    entry.result = "applied" if plan.count else "unchanged"
    agent.info(f"jobs: {summary(applied.jobs)}")


def _tell(entry: Entry, jobs: Sequence[DeployedJob], settings: Settings) -> None:
    entry.section = table_of_jobs(jobs, entry.workspace)
    write_jobs(settings.deployment.generated, jobs)


def _show(plan: Plan) -> None:
    """Who set what, of the jobs that are going to be written."""
    for one in plan.changing[:MOST_TABLES]:
        with agent.group(f"Who set what: {one.job.name}"):
            for line in table(one.job.values):
                agent.info(line)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
