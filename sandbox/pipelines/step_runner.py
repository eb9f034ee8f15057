"""Runs one step: condition, macros, attempts, and the result it ends with."""
from __future__ import annotations

import time

from sandbox.pipelines.conditions import step_holds
from sandbox.pipelines.environment import environment_of
from sandbox.pipelines.job_state import SECONDS_PER_MINUTE, JobState
from sandbox.pipelines.model import Step
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.process import POLL_SECONDS
from sandbox.pipelines.request import StepResult
from sandbox.pipelines.results import Result, merge
from sandbox.pipelines.step_state import StepState
from sandbox.pipelines.tasks.catalogue import TASKS
from sandbox.pipelines.tasks.implementations import WORK
from sandbox.pipelines.tasks.task import Task, TaskEnded, TaskError


def run_step(job: JobState, step: Step) -> Result:
    """Run, skip or refuse `step` and take its result into the job's status."""
    warnings = job.variables.recalculate()
    job.learn_secrets()
    title = job.masker.mask(job.variables.expand(step.display_name))
    state = StepState(job, step, title)
    if job.canceled:
        job.set_status(Result.CANCELED)
    start = time.monotonic()
    verdict = _verdict(state)
    if verdict is not None and verdict is not Result.FAILED:
        return _finish(state, verdict, 0.0)
    job.run.log.tell(lambda listener: listener.step_started(job.title, title))
    state.write(f"##[section]Starting: {title}")
    for warning in warnings:
        state.warning(warning)
    result = verdict or _attempts(state)
    if result is Result.FAILED and step.continue_on_error:
        result = Result.SUCCEEDED_WITH_ISSUES
    state.write(f"##[section]Finishing: {title}")
    return _finish(state, result, time.monotonic() - start)


def _verdict(state: StepState) -> Result | None:
    """The result of a step that does not run; None for one that does."""
    if not state.step.enabled:
        return Result.SKIPPED
    try:
        runs = step_holds(state.step.condition, state.job.variables, state.job.status)
    except PipelineError as error:
        state.error(str(error))
        return Result.FAILED
    return None if runs else Result.SKIPPED


def _finish(state: StepState, result: Result, seconds: float) -> Result:
    job = state.job
    if result in (Result.FAILED, Result.SUCCEEDED_WITH_ISSUES):
        job.set_status(merge(job.status, result))
    job.run.steps.append(StepResult(job.title, state.title, result.value, seconds))
    job.run.log.tell(lambda listener: listener.step_finished(job.title, state.title, result.value, seconds))
    return result


def _attempts(state: StepState) -> Result:
    """Try until it does not fail; a time limit is one for all attempts, and what it ends is not tried again.

    A logging command that failed counts in the end, whatever a later attempt comes to, but is no reason to try again.
    """
    stop = StepStop(state)
    result = _attempt(state, stop)
    for attempt in range(1, state.step.retries + 1):
        if result is not Result.FAILED or stop():
            break
        pause = attempt * attempt * state.job.run.request.retry_seconds
        state.warning(f"RetryHelper encountered task failure, will retry (attempt #: {attempt} out of "
                      f"{state.step.retries}) after {pause * 1000:g} ms")
        if _stopped_within(pause, stop):
            return _stopped(state)
        result = _attempt(state, stop)
    return merge(result, Result.FAILED) if state.command_failed else result


def _stopped_within(seconds: float, stop: StepStop) -> bool:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, POLL_SECONDS))
    return stop()


def _attempt(state: StepState, stop: StepStop) -> Result:
    """Do the work once. Worst wins: what the step said, and how its task ended."""
    state.result = None
    try:
        state.merge(_work(state, stop))
    except TaskEnded:
        return _stopped(state)
    except (TaskError, OSError) as error:
        state.error(str(error))
        state.merge(Result.FAILED)
    return state.result or Result.SUCCEEDED


def _work(state: StepState, stop: StepStop) -> Result:
    job, step = state.job, state.step
    env = {name: job.variables.expand(value).strip() for name, value in step.env.items()}
    inputs = {name: job.variables.expand(value).strip() for name, value in step.inputs.items()}
    if name := next((name for name, value in inputs.items() if "\0" in value), ""):
        message = f"the input '{name}' has a NUL character in it"
        raise TaskError(message)
    task = Task(state, TASKS[step.task].inputs_of(inputs), environment_of(job, env), stop)
    return WORK[step.task](task)


class StepStop:
    """Says whether the step has to end: its time is over, or its job is canceled and its condition does not hold."""

    def __init__(self, state: StepState) -> None:
        self._state = state
        limit = state.step.timeout_minutes * SECONDS_PER_MINUTE
        self._deadline = time.monotonic() + limit if limit else None
        self._outlives: bool | None = None

    def __call__(self) -> bool:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            return True
        if not self._state.job.canceled:
            return False
        if self._outlives is None:
            self._outlives = _survives_cancel(self._state)
        return not self._outlives or self._state.job.must_end()


def _survives_cancel(state: StepState) -> bool:
    state.job.set_status(Result.CANCELED)
    try:
        return step_holds(state.step.condition, state.job.variables, Result.CANCELED)
    except PipelineError:
        return False


def _stopped(state: StepState) -> Result:
    if state.job.canceled:
        state.error("The operation was canceled.")
        return Result.CANCELED
    state.error("The task has timed out.")
    return Result.FAILED
