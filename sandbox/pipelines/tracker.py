"""Whoever follows a run as it is planned and worked on: what a service would write into its timeline."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sandbox.pipelines.model import Stage
from sandbox.pipelines.repositories import Commit


@dataclass(frozen=True)
class JobFacts:
    """One job on its agent. `id` is its System.JobId, `title` what a listener hears it called; `name` is as in YAML."""

    id: str
    stage: str
    name: str
    title: str
    display_name: str


class RunTracker(Protocol):
    """Learns what a listener does not, and gives each job its own System.AccessToken."""

    def planned(self, stages: Sequence[Stage], repositories: Mapping[str, Commit]) -> None:
        """The pipeline is expanded and found good; `repositories` are the commits of `self` and of each alias."""
        ...

    def at_work(self, job: JobFacts) -> AbstractContextManager[str]:
        """Surrounds a job while it has its agent; the value is its token, good as long."""
        ...
