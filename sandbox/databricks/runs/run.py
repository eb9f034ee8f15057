"""One run and the attempts of its tasks: what was asked for, how far it came, how it ended."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.databricks.delays import Waiting
from sandbox.databricks.notebooks.task import NotebookResult

OVER = frozenset({"TERMINATED", "SKIPPED", "INTERNAL_ERROR"})
ACTIVE = frozenset({"QUEUED", "PENDING", "RUNNING", "TERMINATING"})


@dataclass
class Progress:
    """What runs and task runs have in common. Times are seconds since 1970, 0 for not yet.

    `code` and `blame` are code and type of the termination details.
    """

    run_id: int
    life: str
    start_time: float
    result: str = ""
    message: str = ""
    code: str = ""
    blame: str = ""
    end_time: float = 0.0
    waiting: Waiting | None = None

    @property
    def is_over(self) -> bool:
        return self.life in OVER

    def end(self, outcome: Outcome, at: float) -> None:
        self.life, self.result, self.message = outcome.life, outcome.result, outcome.message
        self.code, self.blame, self.end_time, self.waiting = outcome.code, outcome.blame, at, None


@dataclass(frozen=True)
class Outcome:
    """How a run or a task run ends."""

    result: str
    message: str = ""
    life: str = "TERMINATED"
    code: str = "SUCCESS"
    blame: str = "SUCCESS"


@dataclass
class TaskRun(Progress):
    """One attempt of one task of the run `job_run_id`; of one iteration if `for_each` is the id of a task run.

    `execution_start` is when it got its cluster, `failure` the error a test wants it to end with, `output` what came
    of it and `finished` when. `executing` is whether a process of this sandbox was given its work. `item` is the JSON
    text of what an iteration is for, `branch` what a condition came to, `child_run_id` the run a task started.
    """

    task: dict[str, Any] = field(default_factory=dict)
    job_run_id: int = 0
    attempt: int = 0
    first_run_id: int = 0
    execution_start: float = 0.0
    cluster_id: str = ""
    started_cluster: bool = False
    failure: str = ""
    spark_context_id: int | None = None
    executing: bool = False
    output: NotebookResult | None = None
    finished: float = 0.0
    for_each: int = 0
    item: str = ""
    branch: str = ""
    child_run_id: int = 0
    cancelling: Waiting | None = None
    stop: threading.Event = field(default_factory=threading.Event, init=False)

    @property
    def key(self) -> str:
        return str(self.task["task_key"])


@dataclass(frozen=True)
class Repair:
    """One round of a run: the first, or a repair. `id` is 0 for the first.

    `ending` and `end_time` are kept once the next round has begun. `task_run_ids` are those it began with.
    """

    id: int
    start_time: float
    task_run_ids: tuple[int, ...]
    ending: Outcome | None = None
    end_time: float = 0.0


@dataclass
class Run(Progress):
    """`settings` are those of the job at the start, or what was submitted, without the tasks: those have the attempts.

    `ending` is decided before it is over. `active_since` is when it, or its last repair, left the queue. `above` are
    the jobs whose tasks started it, from the first to the last. `queued_for` is the code of what it waits for. What it
    did is kept by itself, attempt by attempt.
    """

    job_id: int = 0
    name: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    creator: str = ""
    run_as: str = ""
    run_type: str = "JOB_RUN"
    trigger: str = "ONE_TIME"
    queues: bool = False
    job_parameters: dict[str, str] = field(default_factory=dict)
    overriding: dict[str, Any] = field(default_factory=dict)
    idempotency_token: str = ""
    clusters: dict[str, str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    cancelling: Waiting | None = None
    ending: Outcome | None = None
    active_since: float = 0.0
    above: list[int] = field(default_factory=list)
    queued_for: str = ""
    tasks: list[TaskRun] = field(default_factory=list, init=False)
    latest: dict[str, TaskRun] = field(default_factory=dict, init=False)
    starts_others: bool = field(default=False, init=False)
    _iterations: dict[int, dict[int, TaskRun]] = field(default_factory=dict, init=False)

    @property
    def timeout(self) -> int:
        return int(self.settings.get("timeout_seconds", 0))

    def add(self, attempt: TaskRun) -> None:
        """`tasks` are all attempts, `latest` the last of each task by its key."""
        self.starts_others |= "run_job_task" in attempt.task
        if attempt.for_each:
            self._iterations.setdefault(attempt.for_each, {})[attempt.first_run_id] = attempt
        else:
            self.tasks.append(attempt)
            self.latest[attempt.key] = attempt

    def forget_attempts(self) -> None:
        """They are about to be added anew."""
        self.tasks, self.latest, self.starts_others, self._iterations = [], {}, False, {}

    def iterations(self, attempt: TaskRun) -> list[TaskRun]:
        """The last attempt of each iteration of a task run, in the order of its inputs."""
        return list(self._iterations.get(attempt.run_id, {}).values())

    def begin_repair(self, repair: Repair) -> None:
        """Another round. How the one before ended is kept with it, for the run is about to forget."""
        ending = Outcome(self.result, self.message, self.life, self.code, self.blame)
        self.repairs[-1] = replace(self.repairs[-1], ending=ending, end_time=self.end_time)
        self.repairs.append(repair)
        self.result = self.message = self.code = self.blame = ""
        self.end_time, self.ending, self.cancelling = 0.0, None, None

    def unfinished(self) -> Iterator[TaskRun]:
        """Attempts that are not over, iterations before the task they belong to."""
        for attempt in self.latest.values():
            if not attempt.is_over:
                yield from (one for one in self.iterations(attempt) if not one.is_over)
                yield attempt
