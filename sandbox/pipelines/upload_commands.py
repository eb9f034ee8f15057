"""The logging commands that hand a file over: attachments, summaries and artifacts."""
from __future__ import annotations

import shutil
from pathlib import Path

from sandbox.pipelines.artifacts import files_below
from sandbox.pipelines.logging_commands import Command
from sandbox.pipelines.step_state import CommandError, StepState

SUMMARY_TYPE = "Distributedtask.Core.Summary"


def upload_summary(command: Command, step: StepState) -> None:
    _attach(SUMMARY_TYPE, command.data, step)


def add_attachment(command: Command, step: StepState) -> None:
    if not command.get("type") or not command.get("name"):
        message = "the properties 'type' and 'name' are required"
        raise CommandError(message)
    _attach(command.get("type"), command.data, step)


def upload_file(command: Command, step: StepState) -> None:
    _attach("", command.data, step)


def _attach(kind: str, data: str, step: StepState) -> None:
    source = Path(data.strip())
    if not source.is_absolute() or not source.is_file():
        message = f"the attachment '{data}' is not a file"
        raise CommandError(message)
    if kind.lower() != SUMMARY_TYPE.lower():
        return
    run = step.job.run
    target = run.request.work_folder / "summaries" / f"{len(run.summaries) + 1}-{source.name}"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    run.summaries.append(target)


def upload_artifact(command: Command, step: StepState) -> None:
    name, source = command.get("artifactname"), Path(command.data.strip())
    if not name or not source.is_absolute():
        message = "the property 'artifactname' and an absolute path are required"
        raise CommandError(message)
    if source.is_dir() and not any(files_below(source)):
        step.warning(f"Directory '{source}' is empty. Nothing will be added to the build artifact '{name}'.")
        return
    step.job.run.artifacts.publish(name, source, add=True)
