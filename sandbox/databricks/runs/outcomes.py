"""What becomes of a task whose dependencies are done, and of a run whose tasks are. Pure.

The rules are those of https://learn.microsoft.com/azure/databricks/jobs/run-if and of the article on run states.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.databricks.runs.run import Outcome, Run, TaskRun

_FAILED = frozenset({"FAILED", "TIMEDOUT", "UPSTREAM_FAILED"})
_CANCELED = frozenset({"CANCELED", "UPSTREAM_CANCELED"})
_DONE_WELL = frozenset({"SUCCESS", "EXCLUDED", "DISABLED"})
WORKLOAD_FAILED = Outcome("FAILED", "Workload failed, see run output for details", code="RUN_EXECUTION_ERROR",
                          blame="CLIENT_ERROR")
SUCCESS = Outcome("SUCCESS")
CANCELED = Outcome("CANCELED", "Run cancelled.", code="USER_CANCELED", blame="CLIENT_ERROR")
# Worded like https://github.com/databrickslabs/ucx/issues/2398.
DRIVER_LOST = Outcome("FAILED", "The spark driver has stopped unexpectedly: it went down with the sandbox that ran it",
                      "INTERNAL_ERROR", "DRIVER_ERROR", "CLOUD_FAILURE")
TIMED_OUT = Outcome("TIMEDOUT", "Run timed out.", code="CANCELED", blame="CLIENT_ERROR")


def beyond_concurrency(limit: int) -> Outcome:
    text = f"Skipping this run because the limit of {limit} maximum concurrent runs has been reached."
    return Outcome("MAXIMUM_CONCURRENT_RUNS_REACHED", text, "SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR")


def skipped_for(task: Mapping[str, Any], results: list[str]) -> Outcome | None:
    """Why a task does not run though all it depends on is done, or None if it does. `results` of the dependencies."""
    if task.get("disabled"):
        return Outcome("DISABLED", "The task is disabled.", "SKIPPED", "DISABLED")
    if set(results) == {"EXCLUDED"}:
        return _skipped("EXCLUDED", "All tasks that it depends on were excluded.")
    run_if = task.get("run_if", "ALL_SUCCESS")
    failed = sum(1 for result in results if result in _FAILED)
    canceled = any(result in _CANCELED for result in results)
    good = results.count("SUCCESS")
    runs = {
        "ALL_SUCCESS": good == len(results),
        "AT_LEAST_ONE_SUCCESS": good > 0,
        "NONE_FAILED": not failed and not canceled and (good > 0 or not results),
        "ALL_DONE": True,
        "AT_LEAST_ONE_FAILED": failed > 0,
        "ALL_FAILED": failed == len(results) > 0,
    }[run_if]
    if runs:
        return None
    if run_if in {"AT_LEAST_ONE_FAILED", "ALL_FAILED"} or not (failed or canceled):
        return _skipped("EXCLUDED", "The condition of the task was not met.")
    if failed:
        return _skipped("UPSTREAM_FAILED", "An upstream task failed.")
    return _skipped("UPSTREAM_CANCELED", "An upstream task was canceled.")


def result_for(other: TaskRun, dependency: Mapping[str, Any]) -> str:
    """What `other` came to for a task that depends on it: one that waits for the other branch is left out."""
    wanted = dependency.get("outcome")
    return "EXCLUDED" if wanted and other.branch and wanted.lower() != other.branch else other.result


def run_outcome(run: Run) -> Outcome:
    """The leaves decide: a failure that something after it made good does not fail the run."""
    latest = run.latest
    needed = {row["task_key"] for attempt in latest.values() for row in attempt.task.get("depends_on", ())}
    leaves = [attempt for attempt in latest.values() if attempt.key not in needed]
    if all(leaf.result in _DONE_WELL for leaf in leaves):
        if any(attempt.result not in _DONE_WELL for attempt in latest.values()):
            return Outcome("SUCCESS_WITH_FAILURES", code="SUCCESS_WITH_FAILURES")
        return SUCCESS
    bad = [attempt for attempt in latest.values() if attempt.result not in _DONE_WELL]
    # After a repair of some tasks there may be victims without a culprit.
    culprits = [attempt for attempt in bad if not attempt.result.startswith("UPSTREAM_")] or bad
    return _failed(run, culprits[0], skipped=any(attempt.result == "UPSTREAM_FAILED" for attempt in latest.values()))


def _failed(run: Run, bad: TaskRun, *, skipped: bool) -> Outcome:
    """A run of several tasks ends in INTERNAL_ERROR when one fails: measured, and what makes waiting clients raise."""
    if bad.result in {"CANCELED", "TIMEDOUT"}:
        return Outcome(bad.result, bad.message, code=bad.code, blame=bad.blame)
    if run.settings.get("format") == "SINGLE_TASK":
        return Outcome("FAILED", bad.message, bad.life, bad.code, bad.blame)
    message = f"Task {bad.key} failed with message: {bad.message}."
    if skipped:
        message += " This caused all downstream tasks to get skipped."
    return Outcome("FAILED", message, "INTERNAL_ERROR", bad.code, bad.blame)


def _skipped(result: str, message: str) -> Outcome:
    return Outcome(result, message, "SKIPPED", "SKIPPED", "CLIENT_ERROR" if result != "EXCLUDED" else "SUCCESS")
