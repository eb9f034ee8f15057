"""Says who may do what with the product's jobs: sets exactly one list for all of them, where it differs.

Reads: TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, DRY_RUN, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; deployed_jobs.json of the generated files.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, the number of jobs whose list waits for a change.
Changes: the entries set directly on the jobs that create_or_edit_jobs has deployed; inherited ones stay as they are.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.access.access_control import table
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.jobs.deployed.deployed_jobs import read_jobs
from steps.lib.jobs.deployed.job_access import ME, job_grants
from steps.lib.jobs.deployed.job_permissions import JobPermissions, PermissionPlan
from steps.lib.settings import Reader
from steps.lib.wording import counted, summed

STEP = "set_job_permissions"


@dataclass(frozen=True)
class Settings:
    deployment: Deployment

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        return cls(Deployment.read(Reader(environ)))


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    deployment = Settings.from_environ(environ).deployment
    jobs = read_jobs(deployment.generated)
    with connect(deployment.workspace, environ, clock) as databricks:
        grants = job_grants(deployment.team.document("access_control_list"), deployment.workspace, databricks.get(ME))
        with agent.group("Who set what: permissions of jobs"):
            for line in table(grants):
                agent.info(line)
        permissions = JobPermissions(databricks, grants)
        plan = permissions.plan(jobs)
        lines = [line for one in plan for line in one.lines]
        deployment.show_plan(lines)
        with deployment.record(clock).entry(STEP, databricks.host, lines) as entry:
            changing = [one for one in plan if one.changes]
            if deployment.dry_run:
                entry.result = deployment.planned(len(changing))
                return
            permissions.apply(changing)
            entry.result = "applied" if changing else "unchanged"
    agent.info(_summary(plan))


def _summary(plan: list[PermissionPlan]) -> str:
    changed = sum(bool(one.changes) for one in plan)
    counts = summed({"changed": changed, "unchanged": len(plan) - changed})
    return f"permissions of {counted(len(plan), 'job')}: {counts}"


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
