"""Deletes feature branches that were merged, and the clusters of branches that do not exist any more.

Reads: PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, TARGET_ENVIRONMENT, AZURE_DEVOPS_URL, PROJECT_NAME,
    REPOSITORY_NAME, BRANCH_PREFIXES (what names of branches begin with that may go, by commas; feature/),
    MINIMUM_AGE_DAYS (of the last push, where no pull request proves the merge; 7), DRY_RUN, RUN_ID, SOURCE_COMMIT,
    REQUESTED_FOR and the credential of the environment local, where the clusters of branches are. The same principal
    works in Azure DevOps, unless AZURE_DEVOPS_EXT_PAT or AZURE_DEVOPS_USE_JOB_TOKEN is set.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, how many wait.
Changes: branches of the product repository; clusters of the local workspace with the tags of this repository.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from steps.lib import agent
from steps.lib.azure_devops.connection import connect as connect_azure_devops
from steps.lib.azure_devops.own_credential import azure_devops_environ
from steps.lib.branches.branch import prefixes_in
from steps.lib.branches.clean_up import CleanUp, Plan
from steps.lib.branches.judge import Rules
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.deployment.step_plan import read_plan
from steps.lib.errors import ServiceError
from steps.lib.settings import Reader
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import counted

STEP = "clean_up_branches"
MINIMUM_AGE_DAYS = "7"


@dataclass(frozen=True)
class Settings:
    deployment: Deployment
    organization_url: str
    project: str
    repository: str
    prefixes: tuple[str, ...]
    minimum_age: timedelta

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        url, project, repository = map(reader.text, ("AZURE_DEVOPS_URL", "PROJECT_NAME", "REPOSITORY_NAME"))
        days = reader.optional("MINIMUM_AGE_DAYS") or MINIMUM_AGE_DAYS
        if not (days.isascii() and days.isdigit()):
            reader.problem(f"environment: MINIMUM_AGE_DAYS: got {days!r}, expected a whole number of days")
            days = MINIMUM_AGE_DAYS
        prefixes = prefixes_in(reader.optional("BRANCH_PREFIXES") or "")
        return cls(Deployment.read(reader), url, project, repository, prefixes, timedelta(days=int(days)))

    def approved_lines(self) -> frozenset[str] | None:
        """What of an earlier plan was approved; None where no approval was asked for."""
        approved = self.deployment.approved
        path = approved.folder / f"{STEP}.json" if approved else None
        if path is None:
            return None
        return frozenset(read_plan(path).lines) if path.is_file() else frozenset()


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    workspace = settings.deployment.team.workspace(TargetEnvironment.LOCAL)
    with (connect_azure_devops(settings.organization_url, azure_devops_environ(environ, workspace), clock) as devops,
          connect(workspace, environ, clock) as databricks):
        clean_up = CleanUp(devops, databricks, settings.project, settings.repository)
        rules = Rules(settings.prefixes, settings.minimum_age, clock.now())
        plan = narrowed(clean_up.plan(rules), settings.approved_lines())
        _carry_out(settings.deployment, clean_up, plan, clock)


def narrowed(plan: Plan, approved: frozenset[str] | None) -> Plan:
    """Branches are merged while an approver thinks: that is no stale plan, they wait for the next run."""
    if approved is None:
        return plan
    within = plan.within(approved)
    if within.count < plan.count:
        agent.info(f"{counted(plan.count - within.count, 'deletion')} came up since the approval, for the next run")
    return within


def _carry_out(deployment: Deployment, clean_up: CleanUp, plan: Plan, clock: Clock) -> None:
    others = counted(plan.others, "branch", "branches")
    agent.info(f"{others} left out, whose names begin otherwise than those that may go")
    deployment.show_plan(plan.lines)
    record = replace(deployment, approved=None).record(clock)
    with record.entry(STEP, clean_up.databricks.host, plan.lines) as entry:
        if deployment.dry_run:
            entry.result = deployment.planned(plan.count)
            return
        done = clean_up.apply(plan)
        agent.info(done.summary)
        if done.problems:
            raise ServiceError(*done.problems)
        entry.result = "applied" if plan.count else "unchanged"


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
