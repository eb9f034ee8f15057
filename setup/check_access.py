"""Says up front what the set-up may not do and how to grant it, all of it at once, before anything is written.

Reads: ORGANIZATION_URL, CICD_PROJECT, CICD_REPOSITORY, REMOTE_PROJECT, REMOTE_REPO_NAME, TEAM, TEAMS_DIRECTORY,
    RELEASE_REF, GENERATED_DIRECTORY, RUN_ID, SOURCE_COMMIT, COPY_FILES, CREATE_PIPELINES (which phases will run) and
    the credential for Azure DevOps.
Sets: deploymentRecord, where a phase is not chosen: the record and the summary say so.
Changes: nothing.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from setup.lib.access.access_check import AccessCheck
from setup.lib.report import State, reporting
from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.azure_devops.connection import connect
from steps.lib.azure_devops.credentials import JOB_TOKEN_SWITCH
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.errors import InputError
from steps.lib.settings import Reader
from steps.lib.wording import counted

STEP = "check_access"


@dataclass(frozen=True)
class Settings:
    """`copy`, `create`: the phases of this run. `job_token`: the set-up acts as the job itself."""

    setup: SetupSettings
    copy: bool
    create: bool
    job_token: bool

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        copy, create = reader.flag("COPY_FILES"), reader.flag("CREATE_PIPELINES")
        job_token = reader.flag(JOB_TOKEN_SWITCH)
        reader.check()
        return cls(SetupSettings.from_environ(environ), copy, create, job_token)


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    with connect(settings.setup.organization_url, environ, clock) as azure_devops:
        check = AccessCheck.begin(azure_devops, settings.setup)
        agent.info(f"identity {check.identity} sets up {settings.setup.product}")
        if settings.job_token:
            check.job_token()
        check.run(copy=settings.copy, create=settings.create)
    for warning in check.warnings:
        agent.warning(warning)
    if check.findings:
        raise InputError(check.findings)
    agent.info(f"access: nothing is missing, {counted(len(check.warnings), 'warning')}")
    _say_what_is_skipped(settings, clock)


def _say_what_is_skipped(settings: Settings, clock: Clock) -> None:
    """The summary page lists also what this run was not asked for."""
    skipped = {"files": not settings.copy, "pipelines, environments and their permissions": not settings.create}
    if any(skipped.values()):
        with reporting(STEP, settings.setup, clock) as report:
            for thing in (thing for thing, is_skipped in skipped.items() if is_skipped):
                report.add(thing, State.SKIPPED, "not chosen for this run")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
