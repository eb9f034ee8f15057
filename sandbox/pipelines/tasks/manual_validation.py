"""ManualValidation@1: a person resumes or rejects the run. A courtesy, no control: whoever edits the YAML edits it."""
from __future__ import annotations

from sandbox.pipelines.request import ManualQuestion
from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskEnded, TaskError

_LONGEST = 4000  # characters of the instructions, as the task itself limits them


def validate(task: Task) -> Result:
    if len(task.inputs.get("instructions", "")) > _LONGEST:
        message = f"the instructions of a manual validation have at most {_LONGEST} characters"
        raise TaskError(message)
    validator = task.job.run.request.validator
    if validator is None:
        message = "nobody can answer a manual validation in this run"
        raise TaskError(message)
    question = ManualQuestion(
        task.job.title, task.state.title, task.inputs.get("instructions", ""), task.inputs.get("approvers", ""))
    answer = validator.ask(question, task.stop)
    if answer is None:
        return _timed_out(task)
    if not answer:
        message = "the manual validation was rejected"
        raise TaskError(message)
    task.state.write("The manual validation was approved")
    return Result.SUCCEEDED


def _timed_out(task: Task) -> Result:
    if task.job.canceled:
        raise TaskEnded
    if task.inputs.get("ontimeout", "reject").lower() == "resume":
        task.state.write("Nobody answered in time: the run resumes")
        return Result.SUCCEEDED
    message = "nobody answered in time: the run is rejected"
    raise TaskError(message)
