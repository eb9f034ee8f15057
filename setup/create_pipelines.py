"""Gives a product its pipelines and environments, guarded as the team's file says, and lets exactly these in.

Reads: ORGANIZATION_URL, CICD_PROJECT, CICD_REPOSITORY, REMOTE_PROJECT, REMOTE_REPO_NAME, TEAM, TEAMS_DIRECTORY,
    RELEASE_REF, GENERATED_DIRECTORY, DRY_RUN, RUN_ID, SOURCE_COMMIT, REQUESTED_FOR and a credential of Azure DevOps.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, the number of changes that wait.
Changes: pipelines of the product's repository, environments of its name with their checks, and which pipelines may use
    them, the variable groups, the agent queue and this library's repository. No run is started.
"""
from __future__ import annotations

import os
from collections.abc import Mapping

from setup.lib.pipelines.apply import Application, links_to
from setup.lib.pipelines.approvers import storage_keys
from setup.lib.pipelines.obstacles import obstacles
from setup.lib.pipelines.planning import Wanted, plan_of
from setup.lib.pipelines.present import read_present
from setup.lib.pipelines.rows import planned_rows
from setup.lib.pipelines.team_environments import team_environments
from setup.lib.product_repository import ProductRepository, find_product
from setup.lib.release import Release, library_release
from setup.lib.report import Report, reporting
from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.connection import connect
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.config.team import Team
from steps.lib.errors import InputError

STEP = "create_pipelines"


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = SetupSettings.from_environ(environ)
    with connect(settings.organization_url, environ, clock) as azure_devops:
        product = find_product(azure_devops, settings)
        release = library_release(azure_devops, settings)
        with reporting(STEP, settings, clock) as report:
            create_pipelines(azure_devops, product, release, settings, report)


def create_pipelines(azure_devops: AzureDevOps, product: ProductRepository, release: Release,
                     settings: SetupSettings, report: Report) -> None:
    """Plan, show, apply; an InputError before any write where a name is taken or somebody is not known."""
    environments = team_environments(Team(settings.team, settings.teams / settings.team))
    people = storage_keys(azure_devops, environments)
    present = read_present(azure_devops, product, release)
    findings = obstacles(product, present)
    if findings:
        raise InputError(findings)
    plan = plan_of(Wanted(product, release, environments.guards, people), present)
    agent.info("plan, of which nothing is done (DRY_RUN):" if settings.dry_run else "plan:")
    for line in plan.lines():
        agent.info(f"  {line}")
    if settings.dry_run:
        report.rows += planned_rows(plan, links_to(azure_devops, product))
    else:
        Application(azure_devops, product, present, report).run(plan)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
