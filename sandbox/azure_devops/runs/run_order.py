"""What a run is asked to do, before any agent works on it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.pipelines.request import Identity


@dataclass(frozen=True)
class RunOrder:
    """What a run is to do. With `batch`, it waits for the run of its pipeline and branch that goes on already.

    `schedule` is the display name of the schedule that ordered it; `stages` are those chosen, all where empty.
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

    @property
    def lane(self) -> tuple[int, str]:
        return self.pipeline.id, self.ref

    @property
    def branch(self) -> str:
        """The name of the branch; a tag keeps its full ref."""
        return self.ref.removeprefix("refs/heads/")
