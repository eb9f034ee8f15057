"""Checks every config file of a product and of its team and shows all mistakes at once, without any credential.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, REPOSITORY_NAME, SOURCE_BRANCH.
Sets: nothing.
Changes: nothing.

jobs_config.json is checked for jobs alone: one that is half written on a branch must not keep its cluster away.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.config.team import check_teams_directory
from steps.lib.errors import InputError
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.target_environment import TargetEnvironment
from steps.lib.validation.config_check import ConfigCheck
from steps.lib.wording import counted

MOST_SHOWN = 100


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    environment: TargetEnvironment
    product: Path
    teams: Path
    repository: str
    source_branch: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(
            pipeline_type=reader.choice("PIPELINE_TYPE", PipelineType),
            environment=reader.choice("TARGET_ENVIRONMENT", TargetEnvironment),
            product=reader.path("PRODUCT_DIRECTORY"),
            teams=reader.path("TEAMS_DIRECTORY"),
            repository=reader.text("REPOSITORY_NAME"),
            source_branch=reader.text("SOURCE_BRANCH"),
        )
        reader.check()
        return settings


def of_cluster(check: ConfigCheck, settings: Settings) -> None:
    check.cluster(settings.environment, settings.repository, settings.source_branch)


def of_jobs(check: ConfigCheck, settings: Settings) -> None:
    check.jobs(settings.environment, settings.repository)


WORK = {PipelineType.CLUSTER: of_cluster, PipelineType.JOBS: of_jobs}


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    check_teams_directory(settings.teams)
    check = ConfigCheck(settings.product, settings.teams)
    work_for(settings.pipeline_type, WORK)(check, settings)
    problems = check.problems()
    total = f"{counted(len(check.files), 'file')} checked, {counted(len(problems), 'mistake')}"
    agent.info(f"{total}; nothing was changed" if problems else total)
    if len(problems) > MOST_SHOWN:
        rest = f"{len(problems) - MOST_SHOWN} more mistakes are not shown; correct these first"
        raise InputError([*problems[:MOST_SHOWN], rest])
    if problems:
        raise InputError(problems)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
