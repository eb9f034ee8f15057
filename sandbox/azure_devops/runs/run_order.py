"""What a run is asked to do, before any agent works on it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.pipelines.request import Identity, Variable


@dataclass(frozen=True)
class PullRequestFacts:
    """The pull request that a run validates: branches are full refs."""

    id: int
    source: str
    target: str
    repository_uri: str = ""


@dataclass(frozen=True)
class RunOrder:
    """What a run is to do. With `batch`, it waits for the run of its pipeline and branch that goes on already.

    `schedule` is the display name of the schedule that ordered it; `stages` are those chosen, all where empty.
    `variables` are those of queue time; secret ones are kept nowhere.
    """

    pipeline: Pipeline
    ref: str
    commit: str
    reason: str
    requested_for: Identity
    batch: bool = False
    parameters: Mapping[str, object] = field(default_factory=dict)
    schedule: str = ""
    stages: Sequence[str] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    pull_request: PullRequestFacts | None = None

    @property
    def lane(self) -> tuple[int, str]:
        return self.pipeline.id, self.ref

    @property
    def branch(self) -> str:
        """The name of the branch; a tag keeps its full ref."""
        return self.ref.removeprefix("refs/heads/")
