"""What each logging command does. One that fails makes its step fail, whatever the step itself says.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands; where the page and the agent's source
differ, this follows the source.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.pipelines.artifacts import ArtifactError
from sandbox.pipelines.logging_commands import (
    ALLOWED_WHEN_RESTRICTED,
    Command,
    looks_like_command,
    parse,
    settable,
)
from sandbox.pipelines.results import named
from sandbox.pipelines.step_state import CommandError, StepState
from sandbox.pipelines.upload_commands import add_attachment, upload_artifact, upload_file, upload_summary

DECODE_PERCENTS = "DECODE_PERCENTS"
_AREAS = ("task", "artifact", "build", "telemetry", "results", "codecoverage", "plugininternal")


def obey(line: str, step: StepState) -> None:
    """Take one line of a step's output: do what a logging command in it says, else write it."""
    if not looks_like_command(line):
        step.write(line)
        return
    decode = step.job.variables.value(DECODE_PERCENTS).lower() != "false"
    command = parse(line, decode_percent=decode)
    if command is None:
        step.warning("the next line has '##vso', the mark of a logging command, but cannot be read as one")
        step.write(line)
        return
    execute(command, step)
    if command.name != "task.debug":
        step.debug(f"Processed: {line.replace('##vso', '## vso')}")


def execute(command: Command, step: StepState) -> None:
    """Do it. Never raises for what a step printed: errors are written and remembered."""
    work = _COMMANDS.get(command.name)
    if work is None and command.area.lower() not in _AREAS:
        step.warning(f"Can't find command extension for ##vso[{command.area}.command].")
        return
    if step.step.target.restricted and command.name not in ALLOWED_WHEN_RESTRICTED:
        step.warning(f"The command {command.name} is not allowed in this step: its target has restricted commands")
        return
    try:
        if work is None:
            message = f"##vso[{command.name}] is not a command this engine models"
            raise CommandError(message)
        work(command, step)
    except (CommandError, ArtifactError, OSError) as error:
        step.error(f"Unable to process command '##vso[{command.name}]': {error}")
        step.command_failed = True


def _set_variable(command: Command, step: StepState) -> None:
    name, secret = command.get("variable").strip(), command.flag("issecret")
    if not name:
        message = "the property 'variable' is required"
        raise CommandError(message)
    restrictions = [] if step.step.target.settable is None else [list(step.step.target.settable)]
    if not settable(name, restrictions):
        step.warning(f"The variable '{name}' cannot be set by this step: its target does not list it")
        return
    output = command.flag("isoutput")
    full_name = f"{step.step.name}.{name}" if output else name
    if output and not step.step.name:
        step.warning(f"The output variable '{name}' is lost: the step has no name to read it by")
        return
    if step.job.variables.is_read_only(full_name):
        message = f"Overwriting readonly variable '{full_name}' is not permitted"
        raise CommandError(message)
    if secret and ("\n" in command.data or "\r" in command.data):
        message = f"the secret variable '{name}' has more than one line, which cannot be masked"
        raise CommandError(message)
    if secret:
        step.job.masker.add(command.data)
    step.job.variables.set(full_name, command.data, secret=secret, read_only=output or command.flag("isreadonly"))
    entry = step.job.variables.get(full_name)
    if entry and entry.secret:
        step.job.masker.add(command.data)
    if output:
        step.job.outputs[full_name] = command.data
        if secret:
            step.job.run.secret_outputs.add(command.data)


def _set_task_variable(command: Command, step: StepState) -> None:
    """Kept for the phases before and after the task itself, which no task has here: only its secret shows."""
    if not command.get("variable"):
        message = "the property 'variable' is required"
        raise CommandError(message)
    if command.flag("issecret"):
        step.job.masker.add(command.data)


def _set_secret(command: Command, step: StepState) -> None:
    step.job.masker.add(command.data)


def _log_issue(command: Command, step: StepState) -> None:
    kind = command.get("type").lower()
    if not kind:
        step.warning("Can't create TaskIssue from logging event.")
        return
    if kind not in ("error", "warning"):
        message = f"the issue type '{kind}' is not error or warning"
        raise CommandError(message)
    path, line, column = command.get("sourcepath"), command.get("linenumber"), command.get("columnnumber")
    place = f"{path}({line or 0},{column or 0}): " if path else ""
    code = f"{command.get('code')}: " if command.get("code") else ""
    step.write(f"##[{kind}]{place}{code}{command.data}")


def _complete(command: Command, step: StepState) -> None:
    result = named(command.get("result"))
    if result is None:
        message = f"the result '{command.get('result')}' is not one a step can have"
        raise CommandError(message)
    step.merge(result)


def _prepend_path(command: Command, step: StepState) -> None:
    if not command.data:
        message = "the path to prepend is required"
        raise CommandError(message)
    prepends = step.job.path_prepends
    prepends[:] = [path for path in prepends if path != command.data] + [command.data]


def _update_build_number(command: Command, step: StepState) -> None:
    if not command.data:
        message = "the build number is required"
        raise CommandError(message)
    step.job.run.build_number = command.data
    step.job.variables.set("Build.BuildNumber", command.data, read_only=True)


def _add_build_tag(command: Command, step: StepState) -> None:
    tag = command.data.strip()
    if not tag:
        message = "the build tag is required"
        raise CommandError(message)
    if tag.lower() not in (known.lower() for known in step.job.run.tags):
        step.job.run.tags.append(tag)


def _debug(command: Command, step: StepState) -> None:
    step.debug(command.data)


def _show_nothing(_: Command, __: StepState) -> None:
    """Progress, time line and telemetry have no place in a log."""


_COMMANDS: Mapping[str, Callable[[Command, StepState], None]] = {
    "task.setvariable": _set_variable,
    "task.settaskvariable": _set_task_variable,
    "task.setsecret": _set_secret,
    "task.logissue": _log_issue,
    "task.issue": _log_issue,
    "task.complete": _complete,
    "task.prependpath": _prepend_path,
    "task.uploadsummary": upload_summary,
    "build.uploadsummary": upload_summary,
    "task.addattachment": add_attachment,
    "task.uploadfile": upload_file,
    "build.uploadlog": upload_file,
    "artifact.upload": upload_artifact,
    "build.updatebuildnumber": _update_build_number,
    "build.addbuildtag": _add_build_tag,
    "task.debug": _debug,
    "task.setprogress": _show_nothing,
    "task.logdetail": _show_nothing,
    "telemetry.publish": _show_nothing,
}
