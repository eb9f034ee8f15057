"""What runs find around them. They know no more of the workspace, so it may know them."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.databricks.clusters.cluster_machine import ClusterMachine
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.delays import Delays
from sandbox.databricks.directory import Directory, Principal
from sandbox.databricks.jobs.job_store import JobStore
from sandbox.databricks.memory import Memory, WritingLock
from sandbox.databricks.notebooks.task import NotebookRunner
from sandbox.databricks.permissions.access import Access
from sandbox.databricks.planned_failures import PlannedFailures
from sandbox.databricks.runs.run import Run, TaskRun
from sandbox.databricks.runs.run_store import RunStore


class Runs(Protocol):
    """The runs beside one: what a task that starts other jobs asks of them."""

    store: RunStore

    def start(self, run: Run, tasks: list[TaskRun]) -> None: ...

    def cancel(self, run: Run) -> None: ...

    def settle_job(self, job_id: int) -> None: ...


class Surroundings(Protocol):
    """A workspace, as far as it concerns its runs; each field is described there."""

    name: str
    clock: Clock
    delays: Delays
    memory: Memory
    lock: WritingLock
    folder: Path
    runner: NotebookRunner | None
    task_failures: PlannedFailures[str]
    library_failures: dict[str, str]
    directory: Directory
    access: Access
    jobs: JobStore
    clusters: ClusterStore
    machine: ClusterMachine

    @property
    def runs(self) -> Runs: ...

    def job_cluster_spec(self, owner: Principal, asked: dict[str, Any], *, apply_defaults: bool) -> dict[str, Any]: ...
