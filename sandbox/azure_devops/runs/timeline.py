"""What happened in a run: a tree of stages with their checkpoints, phases, jobs and tasks.

https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get
"""
from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sandbox.azure_devops.runs.run_record import read_record, write_whole
from sandbox.pipelines.results import Result, of_parts

FILE = "timeline.json"
_NAMESPACE = uuid.UUID("c0c9f0f5-55b1-4d10-9c3e-0a9a6d1f7f02")


@dataclass
class Record:
    """`kind` is `Stage`, `Checkpoint`, `Phase`, `Job` or `Task`; `state` `pending`, `inProgress` or `completed`."""

    id: str
    parent: str
    kind: str
    name: str
    identifier: str
    order: int
    state: str = "pending"
    result: str = ""
    started: float | None = None
    finished: float | None = None
    log: int = 0
    worker: str = ""


@dataclass
class Timeline:
    """The records of one run, in the order they were added. Whoever changes it does so from one thread at a time."""

    run: int
    now: Callable[[], float]
    _records: dict[str, Record] = field(default_factory=dict, init=False)

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._records.values()))

    def add(self, kind: str, name: str, identifier: str, parent: Record | None = None, *,
            record_id: str = "") -> Record:
        """A new record below `parent`; the same place of the same run has the same id."""
        order = 1 + sum(1 for one in self if one.parent == (parent.id if parent else "") and one.kind == kind)
        made_up = str(uuid.uuid5(_NAMESPACE, f"{self.run}/{kind}/{identifier}/{order}"))
        record = Record(record_id or made_up, parent.id if parent else "", kind, name, identifier, order)
        self._records[record.id] = record
        return record

    def children(self, parent: Record, kind: str = "") -> list[Record]:
        return [one for one in self if one.parent == parent.id and kind in ("", one.kind)]

    def begin(self, record: Record) -> None:
        record.state = "inProgress"
        record.started = record.started or self.now()

    def end(self, record: Record, result: str) -> None:
        """A record that never began ends when it would have begun."""
        record.finished = self.now()
        record.started = record.started if record.started is not None or result == "skipped" else record.finished
        # Last, for who looks meanwhile.
        record.state, record.result = "completed", result

    def sum_up(self, phase: Record) -> None:
        """End a phase whose jobs are over; the worst of them is its result."""
        jobs = self.children(phase, "Job")
        if jobs and all(one.state == "completed" for one in jobs):
            self.end(phase, of_parts(Result(one.result) for one in jobs).value)

    def save(self, folder: Path) -> None:
        write_whole(folder / FILE, {"records": [asdict(one) for one in self]})


def read_timeline(folder: Path) -> list[Record]:
    """The records that an ended run left; none where it never came to a plan."""
    rows = read_record(folder / FILE).get("records")
    return [Record(**row) for row in rows] if isinstance(rows, list) else []
