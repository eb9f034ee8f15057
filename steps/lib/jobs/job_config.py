"""One entry of `jobs_config.json` as it counts in one environment, and what it is called in Databricks."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import PurePosixPath

from steps.lib.config.conventions import MANAGED_BY, readable_name, tag_value
from steps.lib.jobs.view import View, merged
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment

TOP = "jobs"
JOB_TAGS = ("environment", "repo", "job", "managed_by")
NOTEBOOK_ENDINGS = (".py", ".r", ".sql", ".scala", ".ipynb")
_ODD = re.compile(r"[^a-z0-9_.]+")
_ODD_IN_TASK_KEY = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_TASK_KEY = 100


class ClusterType(str, Enum):
    HIGH_CONCURRENCY = "high_concurrency"
    JOBS = "jobs"


@dataclass(frozen=True)
class JobConfig:
    """`view` has the fields of one job, with the differences of the environment already in place."""

    view: View
    environment: TargetEnvironment

    @property
    def is_high_concurrency(self) -> bool:
        return self.view.get(("cluster_type",)) == ClusterType.HIGH_CONCURRENCY.value

    @cached_property
    def notebook(self) -> str:
        """The notebook's name: its path without folders and ending; empty for a job of tasks."""
        return PurePosixPath(without_ending(self._text("notebook"))).name

    @property
    def title(self) -> str:
        """What tells this job from the others of its product: the notebook, the name, or both."""
        return "/".join(part for part in (self.notebook, self._text("name")) if part)

    @cached_property
    def tasks(self) -> list[tuple[JsonPath, Mapping[str, Json]]]:
        """Every task with its place; the notebook of a job without tasks is its only one."""
        if not isinstance(self.view.get(("tasks",)), list):
            return [((), self.view.object(()))] if self.notebook else []
        return [(("tasks", index), task) for index, task in enumerate(self.view.list(("tasks",)))
                if isinstance(task, dict)]

    def task_key(self, task: Mapping[str, Json]) -> str:
        key = str(task.get("task_key") or _ODD_IN_TASK_KEY.sub("_", self.notebook))
        return key[:_LONGEST_TASK_KEY]

    def name_for(self, repository: str) -> str:
        """`<environment>-<repo>-<notebook>[-<name>]`, cleaned and ended by a hash as the name of a cluster is."""
        parts = (self.environment.value, repository, self.notebook, self._text("name"))
        return readable_name([part for part in parts if part], _ODD)

    def tags_for(self, repository: str) -> dict[str, str]:
        """The tags by which a job is known as this one; Databricks hands them on to its clusters."""
        exact = (self.environment.value, repository, self.title, MANAGED_BY)
        return dict(zip(JOB_TAGS, map(tag_value, exact), strict=True))

    def _text(self, key: str) -> str:
        value = self.view.get((key,))
        return value if isinstance(value, str) else ""


def without_ending(notebook: str) -> str:
    """The path as Databricks knows the notebook; a full stop that begins no ending of notebooks is part of the name."""
    path = PurePosixPath(notebook)
    return str(path.with_suffix("")) if path.suffix.lower() in NOTEBOOK_ENDINGS else notebook


def job_configs(document: Document, environment: TargetEnvironment) -> list[JobConfig]:
    """Every job of `jobs_config.json` as it counts in `environment`."""
    return [job_config(document, index, environment) for index, job in enumerate(document.list((TOP,)))
            if isinstance(job, dict)]


def job_config(document: Document, index: int, environment: TargetEnvironment) -> JobConfig:
    place = (TOP, index)
    differences = (*place, "environments", environment.value)
    return JobConfig(merged(document, place, differences, without="environments"), environment)
