"""Writes the list of libraries for the cluster of a branch: the team's and the requested ones, each package once.

Reads: PIPELINE_TYPE, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY.
Sets: nothing.
Changes: writes libraries.json in GENERATED_DIRECTORY.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.config.generated_files import LIBRARIES_FILE, write
from steps.lib.config.product import product_config
from steps.lib.config.team import find_team
from steps.lib.errors import InputError
from steps.lib.json_files.json_reader import Json
from steps.lib.libraries.entries import Library
from steps.lib.libraries.rules import Libraries, cluster_libraries
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.wording import aligned, counted


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    product: Path
    teams: Path
    generated: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(
            pipeline_type=reader.choice("PIPELINE_TYPE", PipelineType),
            product=reader.path("PRODUCT_DIRECTORY"),
            teams=reader.path("TEAMS_DIRECTORY"),
            generated=reader.path("GENERATED_DIRECTORY"),
        )
        reader.check()
        return settings


def body(libraries: Sequence[Library]) -> dict[str, Json]:
    """The list as the Libraries API takes it."""
    return {"libraries": [library.entry for library in libraries]}


def lines(libraries: Sequence[Library]) -> list[str]:
    """`type  library  set by`, aligned."""
    return aligned([(library.kind, library.written, library.document.place(library.path)) for library in libraries])


def of_cluster(settings: Settings) -> Libraries:
    product = product_config(settings.product)
    return cluster_libraries(product, find_team(settings.teams, product).document("libraries"))


WORK = {PipelineType.CLUSTER: of_cluster}


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    libraries = work_for(settings.pipeline_type, WORK)(settings)
    if libraries.findings:
        raise InputError(libraries.findings)
    for line in lines(libraries.chosen):
        agent.info(line)
    write(settings.generated, LIBRARIES_FILE, body(libraries.chosen))
    agent.info(f"wrote {LIBRARIES_FILE} with {counted(len(libraries.chosen), 'library', 'libraries')}")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
