"""What a run is asked to do, who may watch it, and what it gives back."""
from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sandbox.pipelines.counts import Count, Counts

if TYPE_CHECKING:
    from sandbox.pipelines.repositories import Commit, Repositories
    from sandbox.pipelines.tracker import RunTracker


@dataclass(frozen=True)
class Variable:
    value: str = field(repr=False)
    secret: bool = False


@dataclass(frozen=True)
class Identity:
    name: str
    email: str


@dataclass(frozen=True)
class ExtendedTemplate:
    """A template file of one state of a repository. `ref` is a full ref, `path` starts at the root."""

    repository: str
    ref: str
    path: str


@dataclass(frozen=True)
class StageEntry:
    """What a stage is about to use: its checks hang on these, not on the YAML.

    `has_lock` says that the stage itself, not only its pipeline, wrote `lockBehavior`. `extends` are the templates that
    the pipeline is built on, `sources` the commits of `self` and of every repository resource.
    """

    stage: str
    environments: Sequence[str] = ()
    variable_groups: Sequence[str] = ()
    lock_behavior: str = ""
    has_lock: bool = False
    extends: Sequence[ExtendedTemplate] = ()
    sources: Sequence[Commit] = ()
    queues: Sequence[str] = ()


Admits = Callable[[str, StageEntry], bool]
"""Whether the checks of the variable group of that name could ever let a stage of the run pass."""

Tell = Callable[[str], None]
"""Writes a line to the log of the run."""


class StageGate(Protocol):
    """Approvals, branch control and locks of a stage, asked once after its condition, in a thread of their own."""

    def enter(self, entry: StageEntry, canceled: threading.Event, tell: Tell) -> str:
        """Wait for the checks: `succeeded` lets the stage begin, any other result is the one it ends with.

        A rejection is `failed`, a time-out `skipped`; `tell` says why. Has to return soon after `canceled` is set.
        """
        ...

    def leave(self, entry: StageEntry) -> None:
        """The stage is over; only called where it was let in."""
        ...


@dataclass(frozen=True)
class ManualQuestion:
    """What a ManualValidation@1 step asks a person."""

    job: str
    step: str
    instructions: str
    approvers: str


class Validator(Protocol):
    """Whoever answers manual validations."""

    def ask(self, question: ManualQuestion, stop: Callable[[], bool]) -> bool | None:
        """True resumes, False rejects; None once `stop` says that the time is over or the run canceled."""
        ...


@dataclass(frozen=True)
class RunRequest:
    """One run of the pipeline in `entry`, a path inside the repository of `commit`.

    `variables` come from queue time and the settings page; `environ` is the whole environment of the agent's
    machine (nothing else leaks in); agent folders and logs are made below `work_folder`. `count` counts for
    `counter()` and the run number; who gives the same one to every run of a pipeline makes them go on.
    `retry_seconds` is the pause before the first retry of a step; `access_token` becomes System.AccessToken
    where no `tracker` gives one. `project_id`, `repository_id` and `plan_id` are made up where they are empty.
    A variable group that does not `admits` the run has no values for it, not even for conditions.
    A deployment to an environment outside of `environments` is refused, and a job for a pool outside of `queues`;
    none is where that is None.
    """

    entry: str
    commit: Commit
    repositories: Repositories
    work_folder: Path
    parameters: Mapping[str, object] = field(default_factory=dict)
    variables: Mapping[str, Variable] = field(default_factory=dict)
    variable_groups: Mapping[str, Mapping[str, Variable]] = field(default_factory=dict)
    stages: Sequence[str] = ()
    reason: str = "Manual"
    build_id: int = 1
    definition_name: str = "pipeline"
    project: str = "project"
    project_id: str = ""
    repository_id: str = ""
    collection_uri: str = "http://localhost/"
    requested_for: Identity = Identity("Sandbox User", "user@sandbox.test")
    environ: Mapping[str, str] = field(default_factory=dict)
    python: Path = Path(sys.executable)
    job_limit: int = 2
    count: Count = field(default_factory=lambda: Counts().next)
    retry_seconds: float = 1.0
    definition_id: int = 1
    access_token: str = field(default="", repr=False)
    environments: Collection[str] | None = None
    queues: Collection[str] | None = None
    stage_gate: StageGate | None = None
    admits: Admits | None = None
    validator: Validator | None = None
    tracker: RunTracker | None = None
    plan_id: str = ""


class RunListener(Protocol):
    """Watches a run while it goes on. Results are `succeeded`, `failed`, ...; lines arrive masked."""

    def run_started(self, name: str) -> None: ...

    def stage_started(self, stage: str) -> None: ...

    def stage_finished(self, stage: str, result: str, seconds: float) -> None: ...

    def job_started(self, job: str) -> None: ...

    def job_finished(self, job: str, result: str, seconds: float) -> None: ...

    def step_started(self, job: str, step: str) -> None: ...

    def line(self, job: str, step: str, text: str) -> None: ...

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None: ...

    def run_finished(self, result: str, seconds: float) -> None: ...


@dataclass(frozen=True)
class StepResult:
    job: str
    name: str
    result: str
    seconds: float


@dataclass
class RunResult:
    """What a run came to. `log` is the masked log, at most its tail; the whole of it is in `log_file`.

    `stages` and `jobs` map identifiers to results; `artifacts` map names to the folders that hold their content.
    """

    result: str
    stages: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    steps: list[StepResult] = field(default_factory=list)
    log: str = ""
    log_file: Path | None = None
    artifacts: dict[str, Path] = field(default_factory=dict)
    summaries: list[Path] = field(default_factory=list)
    error: str | None = None
