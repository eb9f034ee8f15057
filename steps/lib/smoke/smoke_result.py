"""What came of a smoke test: of each task, and of the run as a whole. Pure."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from steps.lib.databricks.runs import is_over
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.smoke_test import SmokeTest

_GOOD = ("SUCCESS", "SUCCESS_WITH_FAILURES")
_NOT_RUN = ("EXCLUDED", "DISABLED", "UPSTREAM_FAILED", "UPSTREAM_CANCELED")
_BLAMES_THE_CODE = "CLIENT_ERROR"


class Verdict(str, Enum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class SmokeJob:
    """A deployed job that asks for a smoke test. `job_id` is None only in a dry run, before it exists."""

    config: JobConfig
    name: str
    job_id: int | None
    test: SmokeTest


@dataclass(frozen=True)
class TaskResult:
    """The last attempt of one task. `error` is the task's own, `trace` where in its code, `exit_value` what it gave."""

    key: str
    verdict: Verdict
    seconds: float
    url: str = ""
    error: str = ""
    trace: str = ""
    exit_value: str = ""
    is_ours: bool = True

    @classmethod
    def of(cls, task: Mapping[str, Any], output: Mapping[str, Any]) -> TaskResult:
        """From a task of runs/get and, where it ran, the answer of runs/get-output."""
        state = task.get("state") or {}
        verdict = _verdict(task)
        error = str(output.get("error") or state.get("state_message") or state.get("result_state") or "no reason given")
        details = (task.get("status") or {}).get("termination_details") or {}
        result = (output.get("notebook_output") or {}).get("result")
        return cls(str(task.get("task_key", "")), verdict, _seconds(task), str(task.get("run_page_url", "")),
                   "" if verdict is Verdict.PASSED else error,
                   str(output.get("error_trace") or "") if verdict is Verdict.FAILED else "",
                   str(result or ""), details.get("type") in (None, _BLAMES_THE_CODE))


@dataclass(frozen=True)
class JobResult:
    """`problem` is what went wrong with the run apart from its tasks, empty where nothing did."""

    job: SmokeJob
    tasks: tuple[TaskResult, ...] = ()
    seconds: float = 0.0
    run_id: int | None = None
    url: str = ""
    problem: str = ""
    is_ours: bool = True

    @property
    def failed(self) -> tuple[TaskResult, ...]:
        return tuple(task for task in self.tasks if task.verdict is Verdict.FAILED)

    @property
    def passed(self) -> bool:
        return not (self.failed or self.problem)

    @property
    def needs_an_edit(self) -> bool:
        """Whether the product is to blame; else the same deployment may do better later."""
        return any(task.is_ours for task in self.failed) or bool(self.problem and self.is_ours)


def latest_attempts(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One entry for each task: a run shows those that were tried again, too."""
    latest: dict[str, dict[str, Any]] = {}
    for task in run.get("tasks") or []:
        known = latest.get(str(task.get("task_key")))
        if known is None or int(task.get("attempt_number") or 0) >= int(known.get("attempt_number") or 0):
            latest[str(task.get("task_key"))] = task
    return list(latest.values())


def problem_of(run: Mapping[str, Any], tasks: Sequence[TaskResult]) -> str:
    """Why a run that is over is no success although none of its tasks failed; empty where it is, or where one did."""
    state = run.get("state") or {}
    if state.get("result_state") in _GOOD or any(task.verdict is Verdict.FAILED for task in tasks):
        return ""
    ending = str(state.get("result_state") or state.get("life_cycle_state") or "no state")
    return f"the run ended in {ending}: {state.get('state_message') or 'no reason given'}"


def has_run(task: Mapping[str, Any]) -> bool:
    """Whether there may be an output."""
    return is_over(dict(task)) and _verdict(task) is not Verdict.SKIPPED


def _verdict(task: Mapping[str, Any]) -> Verdict:
    state = task.get("state") or {}
    if state.get("result_state") in _GOOD:
        return Verdict.PASSED
    if state.get("result_state") in _NOT_RUN or state.get("life_cycle_state") == "SKIPPED":
        return Verdict.SKIPPED
    return Verdict.FAILED


def _seconds(progress: Mapping[str, Any]) -> float:
    start, end = int(progress.get("start_time") or 0), int(progress.get("end_time") or 0)
    return max(0.0, (end - start) / 1000) if end else 0.0
