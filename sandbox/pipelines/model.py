"""What a final pipeline says, as plain values: stages of jobs of steps. Nothing here knows YAML."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.pipelines.nodes import Position

DEFAULT_STAGE = "__default"
DEFAULT_JOB_MINUTES = 60.0
DEFAULT_CANCEL_MINUTES = 5.0


@dataclass(frozen=True)
class Expression:
    """Text of a condition or of a `$[ ]` value, and where it was written."""

    text: str
    position: Position


@dataclass(frozen=True)
class VariableEntry:
    """One entry of a `variables:` list: a named value, or a whole group."""

    name: str
    value: str
    position: Position
    read_only: bool = False
    is_group: bool = False


@dataclass(frozen=True)
class Target:
    """`settable` is None where a step may set every variable."""

    restricted: bool = False
    settable: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Step:
    task: str
    name: str
    display_name: str
    inputs: Mapping[str, str]
    env: Mapping[str, str]
    position: Position
    condition: Expression | None = None
    enabled: bool = True
    continue_on_error: bool = False
    timeout_minutes: float = 0
    retries: int = 0
    target: Target = Target()


@dataclass(frozen=True)
class Strategy:
    """How one job becomes several; `matrix` is an expression where its legs are only known at run time."""

    matrix: Mapping[str, Mapping[str, str]] | Expression | None = None
    parallel: int = 0
    max_parallel: int = 0


@dataclass(frozen=True)
class Job:
    """A job, or a deployment where `hooks` hold its steps by life-cycle hook (`deploy`, `on.failure`, ...).

    `pool` is where it asks for an agent, and `hook_pools` where its hooks do; empty where another level says it.
    """

    name: str
    display_name: str
    position: Position
    depends_on: Sequence[str] = ()
    condition: Expression | None = None
    variables: Sequence[VariableEntry] = ()
    steps: Sequence[Step] = ()
    strategy: Strategy = Strategy()
    hooks: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    environment: str = ""
    on_server: bool = False
    pool: str = ""
    hook_pools: Sequence[str] = ()
    continue_on_error: bool = False
    timeout_minutes: float = DEFAULT_JOB_MINUTES
    cancel_timeout_minutes: float = DEFAULT_CANCEL_MINUTES

    @property
    def is_deployment(self) -> bool:
        return bool(self.hooks)


@dataclass(frozen=True)
class Stage:
    name: str
    display_name: str
    position: Position
    depends_on: Sequence[str] = ()
    condition: Expression | None = None
    variables: Sequence[VariableEntry] = ()
    jobs: Sequence[Job] = ()
    lock_behavior: str = ""
    is_skippable: bool = True
    pool: str = ""


@dataclass(frozen=True)
class Pipeline:
    stages: Sequence[Stage]
    variables: Sequence[VariableEntry] = ()
    name_format: str = ""
    lock_behavior: str = ""
    pool: str = ""
