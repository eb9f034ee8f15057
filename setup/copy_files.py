"""Copies the config files and listeners that a product repository lacks, and never touches a file that is there.

Reads: ORGANIZATION_URL, CICD_PROJECT, CICD_REPOSITORY, REMOTE_PROJECT, REMOTE_REPO_NAME, TEAM, TEAMS_DIRECTORY,
    RELEASE_REF, UPDATE_PIPELINES, SCAFFOLD, DRY_RUN, GENERATED_DIRECTORY, RUN_ID, SOURCE_COMMIT, REQUESTED_FOR and the
    credential for Azure DevOps.
Sets: deploymentRecord, the path of the record; with DRY_RUN changes, the number of changes that wait.
Changes: one push to the default branch of the product, or a branch `brickline/set-up` and its pull request.
"""
from __future__ import annotations

import os
from collections.abc import Mapping

from setup.lib.copying.copying import Copying
from setup.lib.release import library_release
from setup.lib.report import reporting
from setup.lib.settings import SetupSettings as Settings
from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.clock import SYSTEM_CLOCK, Clock

STEP = "copy_files"


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    with connect(settings.organization_url, environ, clock) as devops, reporting(STEP, settings, clock) as report:
        Copying(devops, settings, report, release=library_release(devops, settings).pinned).run()


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
