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

from setup.lib.pipelines.creation import Creation
from setup.lib.product_repository import find_product
from setup.lib.release import library_release
from setup.lib.report import reporting
from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.clock import SYSTEM_CLOCK, Clock

STEP = "create_pipelines"


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = SetupSettings.from_environ(environ)
    with connect(settings.organization_url, environ, clock) as azure_devops:
        product = find_product(azure_devops, settings)
        release = library_release(azure_devops, settings)
        with reporting(STEP, settings, clock) as report:
            Creation(azure_devops, release).run(product, settings, report)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
