"""Tasks that decide about other work, and do none themselves: conditions, loops, and runs of other jobs."""
from __future__ import annotations

import json
from typing import Any

from sandbox.databricks.errors import ApiError, denied, invalid
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.runs.conditions import branch
from sandbox.databricks.runs.outcomes import SUCCESS
from sandbox.databricks.runs.parameters import KINDS, job_parameters, resolved
from sandbox.databricks.runs.run import Outcome, Run, TaskRun
from sandbox.databricks.runs.run_making import begin, job_run, new_attempts
from sandbox.databricks.runs.surroundings import Surroundings

KINDS_OF_CONTROL = ("condition_task", "for_each_task", "run_job_task")
_GOOD = frozenset({"SUCCESS", "SUCCESS_WITH_FAILURES"})


class ControlTasks:
    """Begin and end with what they decide about; call it inside the workspace's lock."""

    def __init__(self, state: Surroundings) -> None:
        self._state = state

    def takes(self, attempt: TaskRun) -> bool:
        return any(kind in attempt.task for kind in KINDS_OF_CONTROL)

    def begin(self, run: Run, attempt: TaskRun) -> None:
        """What cannot be done becomes the failure of the task."""
        if attempt.failure:
            return
        try:
            if "condition_task" in attempt.task:
                self._decide(run, attempt)
            elif "for_each_task" in attempt.task:
                self._add_iterations(run, attempt)
            else:
                self._start_job(run, attempt)
        except ValueError as error:
            attempt.failure = str(error)
        except ApiError as error:
            attempt.failure = error.message

    def ended(self, run: Run, attempt: TaskRun) -> float | None:
        """When all it decided about had ended, None if it has not."""
        if attempt.failure or attempt.branch:
            return attempt.execution_start
        if "run_job_task" in attempt.task:
            child = self._child(attempt)
            if child is None:
                return self._state.clock.now()
            return child.end_time if child.is_over else None
        iterations = run.iterations(attempt)
        if not all(iteration.is_over for iteration in iterations):
            return None
        return max((iteration.end_time for iteration in iterations), default=attempt.execution_start)

    def outcome(self, run: Run, attempt: TaskRun) -> Outcome:
        """A condition has no iterations, so it ends well, whatever it came to."""
        if "run_job_task" in attempt.task:
            child = self._child(attempt)
            result = child.result if child is not None else "it was deleted"
            return SUCCESS if result in _GOOD else _failed(f"Run {attempt.child_run_id} of the other job: {result}")
        bad = [iteration for iteration in run.iterations(attempt) if iteration.result not in _GOOD]
        return _failed(f"{len(bad)} iterations failed, first: {bad[0].message}") if bad else SUCCESS

    def next_iterations(self, run: Run, attempt: TaskRun) -> list[tuple[TaskRun, float]]:
        """Iterations that may begin, and since when: no more at once than the task allows."""
        iterations = run.iterations(attempt)
        waiting = [iteration for iteration in iterations if iteration.life == "BLOCKED"]
        over = [iteration.end_time for iteration in iterations if iteration.is_over]
        under_way = len(iterations) - len(waiting) - len(over)
        free = attempt.task.get("for_each_task", {}).get("concurrency", 1) - under_way
        return [(iteration, max(over, default=attempt.execution_start)) for iteration in waiting[:max(free, 0)]]

    def stop(self, attempt: TaskRun) -> None:
        child = self._child(attempt)
        if child is not None:
            self._state.runs.cancel(child)

    def _decide(self, run: Run, attempt: TaskRun) -> None:
        task = attempt.task["condition_task"]
        attempt.branch = branch(task["op"], *(resolved(task[side], run, attempt) for side in ("left", "right")))

    def _add_iterations(self, run: Run, attempt: TaskRun) -> None:
        """`inputs` is a JSON list, or a reference to a parameter that holds one."""
        loop = attempt.task["for_each_task"]
        text = resolved(loop["inputs"], run, attempt)
        try:
            inputs = json.loads(text)
        except (ValueError, RecursionError):
            inputs = None
        if not isinstance(inputs, list):
            message = f"the inputs of a for_each_task must be a JSON array, got {text[:100]!r}"
            raise ValueError(message)
        iterations = new_attempts(self._state, run, [loop["task"]] * len(inputs))
        for iteration, item in zip(iterations, inputs, strict=True):
            iteration.start_time = attempt.execution_start
            iteration.for_each, iteration.item = attempt.run_id, json.dumps(item)
        self._state.runs.store.add_attempts(run, iterations)

    def _start_job(self, run: Run, attempt: TaskRun) -> None:
        """A job may not start itself, by whatever way: https://learn.microsoft.com/azure/databricks/jobs/run-job."""
        task: dict[str, Any] = attempt.task["run_job_task"]
        job = self._job_to_start(run, task["job_id"])
        child = job_run(self._state, job, creator=run.run_as)
        child.trigger, child.above = "RUN_JOB_TASK", [*run.above, run.job_id]
        child.overriding = {kind: task[kind] for kind in KINDS if kind in task}
        given = {name: resolved(value, run, attempt) for name, value in task.get("job_parameters", {}).items()}
        child.job_parameters = job_parameters(job.settings, given)
        attempt.child_run_id = child.run_id
        begin(self._state, child, job.tasks)

    def _job_to_start(self, run: Run, job_id: int) -> Job:
        job, who = self._state.jobs.find(job_id), self._state.directory.someone(run.run_as)
        if job is None:
            message = f"Job {job_id} does not exist."
            raise invalid(message)
        if job_id in {run.job_id, *run.above}:
            message = f"Job {job_id} would start itself: run_job_tasks form a circle"
            raise invalid(message)
        if who is None or self._state.access.level(JOBS, str(job_id), who) < JOBS.rank("CAN_MANAGE_RUN"):
            message = f"User {run.run_as} does not have Manage Run permissions on job {job_id}"
            raise denied(message)
        return job

    def _child(self, attempt: TaskRun) -> Run | None:
        """The run it started, as it is by now."""
        child = self._state.runs.store.get(attempt.child_run_id)
        if child is not None and not child.is_over:
            self._state.runs.settle_job(child.job_id)
        return child


def _failed(message: str) -> Outcome:
    return Outcome("FAILED", message, code="RUN_EXECUTION_ERROR", blame="CLIENT_ERROR")
