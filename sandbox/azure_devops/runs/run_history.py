"""Every run there ever was, as a record: of this process as they are, of earlier ones from their folders."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_record import ORDER, RESULT, read_record
from sandbox.pipelines.request import Identity
from sandbox.pipelines.results import Result, is_good, named

_NOBODY = {"name": "", "email": ""}


@dataclass(frozen=True)
class RunRecord:
    """`state` is `notStarted`, `inProgress`, `cancelling` or `completed`; times are seconds since 1970."""

    id: int
    folder: Path
    project: str
    definition: int
    pipeline: str
    repository: str
    ref: str
    commit: str
    reason: str
    requested_for: Identity
    number: str = ""
    state: str = "notStarted"
    result: str = ""
    error: str = ""
    queued: float = 0.0
    started: float | None = None
    finished: float | None = None
    revision: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    pull_request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_completed(self) -> bool:
        return self.state == "completed"


def order_data(run_id: int, order: RunOrder) -> dict[str, object]:
    """What the order of a run says, for its folder: without secrets."""
    pipeline = order.pipeline
    return {
        "id": run_id, "project": pipeline.project, "definition": pipeline.id, "revision": pipeline.revision,
        "pipeline": pipeline.name, "repository": pipeline.repository,
        "ref": order.ref, "commit": order.commit, "reason": order.reason,
        "requested_for": asdict(order.requested_for),
        "parameters": dict(order.parameters),
        "variables": {name: one.value for name, one in order.variables.items() if not one.secret},
        "pull_request": asdict(order.pull_request) if order.pull_request else {},
    }


def record_of(data: Mapping[str, Any], folder: Path) -> RunRecord:
    """The record that `data` from a run's folder makes; what an earlier version did not write has its default."""
    known = {name: data[name] for name in RunRecord.__dataclass_fields__ if data.get(name) is not None}
    person = {**_NOBODY, **known.pop("requested_for", {})}
    blank = {"id": int(folder.name), "project": "", "definition": 0, "pipeline": "", "repository": "", "ref": "",
             "commit": "", "reason": ""}
    return RunRecord(**{**blank, **known, "folder": folder, "requested_for": Identity(**person)})


class RunHistory:
    """The runs of earlier processes below `folder`; each is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, RunRecord] = {}

    def numbers(self) -> list[int]:
        return sorted(int(one.name) for one in self._folder.iterdir() if one.name.isdigit())

    def get(self, number: int) -> RunRecord | None:
        if number not in self._known:
            folder = self._folder / str(number)
            data = read_record(folder / RESULT) or read_record(folder / ORDER)
            if not data:
                return None
            self._known[number] = record_of(data, folder)
        return self._known[number]

    def last_good_commit(self, order: RunOrder) -> str | None:
        """The commit of the newest good run for the same pipeline, ref and reason."""
        wanted = (order.pipeline.name, order.ref, order.reason)
        for number in reversed(self.numbers()):
            record = read_record(self._folder / str(number) / RESULT)
            is_same = (record.get("pipeline"), record.get("ref"), record.get("reason")) == wanted
            if is_same and is_good(named(str(record.get("result"))) or Result.FAILED):
                return str(record.get("commit"))
        return None
