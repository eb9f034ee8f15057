"""What is known while a run and each of its jobs go on. Changed only by the threads that run them."""
from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.pipelines.artifacts import ArtifactStore
from sandbox.pipelines.folders import AgentFolders
from sandbox.pipelines.lifeline import Lifeline
from sandbox.pipelines.log import RunLog
from sandbox.pipelines.masking import Masker
from sandbox.pipelines.process import Patience
from sandbox.pipelines.request import RunRequest, StepResult
from sandbox.pipelines.results import Result
from sandbox.pipelines.variables import Variables

if TYPE_CHECKING:
    from sandbox.pipelines.repositories import Commit

SECONDS_PER_MINUTE = 60.0


@dataclass
class RunState:
    """One run. `repositories` are the commits of `self` and of each alias, resolved when the run was queued;
    `predefined` are the variables of the run that no layer of definitions can replace.
    """

    request: RunRequest
    repositories: Mapping[str, Commit]
    log: RunLog
    artifacts: ArtifactStore
    canceled: threading.Event
    build_number: str
    predefined: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    steps: list[StepResult] = field(default_factory=list)
    summaries: list[Path] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    secret_outputs: set[str] = field(default_factory=set)

    def commit_of(self, alias: str) -> Commit | None:
        folded = {name.casefold(): commit for name, commit in self.repositories.items()}
        return folded.get(alias.casefold())


@dataclass
class JobState:
    """One job on its agent. `status` is Agent.JobStatus, None as long as every step went well; `id` System.JobId."""

    run: RunState
    title: str
    variables: Variables
    folders: AgentFolders
    masker: Masker = field(default_factory=Masker)
    outputs: dict[str, str] = field(default_factory=dict)
    path_prepends: list[str] = field(default_factory=list)
    status: Result | None = None
    several_checkouts: bool = False
    after_cancel: bool = False
    deadline: float | None = None
    cancel_seconds: float = 300.0
    id: str = ""
    lookup_id: str = field(default_factory=lambda: f"vsts_{uuid.uuid4()}")
    lifeline: Lifeline = field(init=False)
    _canceled_at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.lifeline = Lifeline(self.lookup_id)
        self.variables.recalculate()
        self.learn_secrets()

    def write(self, step: str, text: str) -> None:
        """One line of the log, masked."""
        self.run.log.line(self.title, step, self.masker.mask(text))

    def learn_secrets(self) -> None:
        for entry in self.variables:
            if entry.secret:
                self.masker.add(entry.value)

    @property
    def timed_out(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    @property
    def canceled(self) -> bool:
        """Whether the job is to end. From the first time this is true its steps have `cancel_seconds` left."""
        ended = (self.run.canceled.is_set() and not self.after_cancel) or self.timed_out
        if ended and self._canceled_at is None:
            self._canceled_at = time.monotonic()
        return ended

    def must_end(self) -> bool:
        """Whether also the steps that run in spite of a cancellation have to stop."""
        return self._canceled_at is not None and time.monotonic() - self._canceled_at >= self.cancel_seconds

    def set_status(self, status: Result) -> None:
        self.status = status
        self.variables.set("Agent.JobStatus", status.word, read_only=True)


Stop = Callable[[], bool]
