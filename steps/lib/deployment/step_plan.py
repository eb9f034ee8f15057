"""The plan of one step as data: what an approver was shown, and what is compared with it before anything is written."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from steps.lib.config.generated_files import (
    ACCESS_FILE,
    CLUSTER_FILE,
    JOB_CLUSTERS_FILE,
    JOB_LIBRARIES_FILE,
    LIBRARIES_FILE,
)
from steps.lib.errors import InputError

PLANS_FOLDER = "plans"
WANTED_FILES = (CLUSTER_FILE, ACCESS_FILE, LIBRARIES_FILE, JOB_CLUSTERS_FILE, JOB_LIBRARIES_FILE)


@dataclass(frozen=True)
class StepPlan:
    """`lines` are the changes, `wanted` the SHA-256 of each generated file by its name: what they lead to.

    A line may leave out the end of a long value; the files leave out nothing.
    """

    step: str
    workspace: str
    run_id: str
    commit: str
    lines: tuple[str, ...]
    wanted: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over everything, in hexadecimal."""
        return hashlib.sha256(self._json().encode()).hexdigest()

    @property
    def changes(self) -> int:
        """How many things are changed: what has no indent and is not said to stay."""
        stays = ("unchanged", "orphaned")
        return sum(not line.startswith((" ", *stays)) for line in self.lines)

    def write(self, generated: Path) -> None:
        folder = generated / PLANS_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.step}.json").write_text(f"{self._json()}\n", encoding="utf-8")

    def _json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False)


def wanted_files(generated: Path) -> dict[str, str]:
    """The generated files that are there, each with its SHA-256."""
    return {name: hashlib.sha256((generated / name).read_bytes()).hexdigest()
            for name in WANTED_FILES if (generated / name).is_file()}


def read_plan(path: Path) -> StepPlan:
    """A plan that `StepPlan.write` wrote; an InputError for anything else."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return StepPlan(str(data["step"]), str(data["workspace"]), str(data["run_id"]), str(data["commit"]),
                        tuple(map(str, _list(data["lines"]))), {str(key): str(data["wanted"][key])
                                                                 for key in data["wanted"]})
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path}: is no plan of a step, expected what the plan stage of this run wrote; start a new run"
        raise InputError([message]) from error


def read_plans(folder: Path) -> list[StepPlan]:
    """Every plan in `folder`, in the order in which the steps made them."""
    paths = sorted(folder.glob("*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [read_plan(path) for path in paths]


def _list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - what some JSON holds
    if not isinstance(value, list):
        raise TypeError
    return value
