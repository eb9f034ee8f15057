"""Writes the libraries for the cluster of a branch, or of jobs: the team's and the requested ones, each package once.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, REPOSITORY_NAME.
Sets: nothing.
Changes: writes libraries.json in GENERATED_DIRECTORY. For jobs it is of the shared cluster, if some job needs that, and
job_libraries.json has those of clusters that are made for a run.
"""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.config.generated_files import JOB_LIBRARIES_FILE, LIBRARIES_FILE, remove, write
from steps.lib.config.product import jobs_config, product_config
from steps.lib.config.team import find_team
from steps.lib.errors import InputError
from steps.lib.jobs.job_config import job_configs
from steps.lib.jobs.job_libraries import LibraryFiles, has_default_libraries, has_own_libraries
from steps.lib.jobs.parts import Parts
from steps.lib.json_files.json_reader import Json
from steps.lib.libraries.entries import Library
from steps.lib.libraries.rules import Libraries, cluster_libraries
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import aligned, counted


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    environment: TargetEnvironment
    product: Path
    teams: Path
    generated: Path
    repository: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(
            pipeline_type=reader.choice("PIPELINE_TYPE", PipelineType),
            environment=reader.choice("TARGET_ENVIRONMENT", TargetEnvironment),
            product=reader.path("PRODUCT_DIRECTORY"),
            teams=reader.path("TEAMS_DIRECTORY"),
            generated=reader.path("GENERATED_DIRECTORY"),
            repository=reader.text("REPOSITORY_NAME"),
        )
        reader.check()
        return settings


def entries(libraries: Sequence[Library]) -> list[Json]:
    """The list as the Libraries API takes it."""
    return [library.entry for library in libraries]


def lines(libraries: Sequence[Library]) -> list[str]:
    """`type  library  set by`, aligned."""
    return aligned([(library.kind, library.written, library.document.place(library.path)) for library in libraries])


def of_cluster(settings: Settings) -> None:
    """Those of the one cluster of the branch."""
    product = product_config(settings.product)
    libraries = cluster_libraries(product, find_team(settings.teams, product).document("libraries"))
    check([libraries])
    write_shared(settings.generated, libraries)


def of_jobs(settings: Settings) -> None:
    """Those of the high-concurrency cluster where some job needs it, and those of clusters made for a run."""
    product = product_config(settings.product)
    jobs = job_configs(jobs_config(settings.product), settings.environment)
    files = LibraryFiles(product, find_team(settings.teams, product).document("libraries"))
    own = {job.name_for(settings.repository): files.of(job) for job in jobs if has_own_libraries(job)}
    default = files.default()
    check([default, *own.values()])
    remove(settings.generated, [LIBRARIES_FILE])
    if any(job.is_high_concurrency for job in jobs):
        write_shared(settings.generated, default)
    of_default = entries(default.chosen) if any(map(has_default_libraries, jobs)) else None
    parts = Parts(JOB_LIBRARIES_FILE, of_default, {name: entries(one.chosen) for name, one in own.items()})
    for name, one in own.items():
        show(name, one.chosen)
    write(settings.generated, JOB_LIBRARIES_FILE, parts.content)
    agent.info(f"wrote {JOB_LIBRARIES_FILE} with libraries of their own for {counted(len(own), 'job')}")


WORK = {PipelineType.CLUSTER: of_cluster, PipelineType.JOBS: of_jobs}


def check(found: Iterable[Libraries]) -> None:
    """An InputError with every conflict, each once."""
    findings = {finding for libraries in found for finding in libraries.findings}
    if findings:
        raise InputError(sorted(findings))


def write_shared(generated: Path, libraries: Libraries) -> None:
    for line in lines(libraries.chosen):
        agent.info(line)
    write(generated, LIBRARIES_FILE, {"libraries": entries(libraries.chosen)})
    agent.info(f"wrote {LIBRARIES_FILE} with {counted(len(libraries.chosen), 'library', 'libraries')}")


def show(name: str, libraries: Sequence[Library]) -> None:
    with agent.group(f"libraries of {name}"):
        for line in lines(libraries) or ["none"]:
            agent.info(line)


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    work_for(settings.pipeline_type, WORK)(settings)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
