"""Bash@3 and CmdLine@2. The script reaches bash in a file only its owner reads, never on a command line."""
from __future__ import annotations

import os
import shlex
import shutil
import uuid
from pathlib import Path

from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskError

_OWNER_ONLY = 0o600
_NO_START_FILES = ("--noprofile", "--norc")


def run_bash(task: Task) -> Result:
    """Bash@3: an inline script, or a script file that is given its arguments."""
    kind = task.inputs.get("targettype", "filePath").lower()
    if kind == "inline":
        script = task.inputs.get("script", "")
    elif kind == "filepath":
        script = _script_of_file(task)
    else:
        message = f"the input targetType is '{kind}', expected inline or filePath"
        raise TaskError(message)
    start_file = task.inputs.get("bashenvvalue", "")
    environment = {name: value for name, value in task.environment.items() if name != "BASH_ENV"}
    return _run(task, script, environment | ({"BASH_ENV": start_file} if start_file else {}))


def run_command_line(task: Task) -> Result:
    """CmdLine@2, which is bash on an agent that is not Windows."""
    return _run(task, task.inputs.get("script", ""), dict(task.environment))


def _script_of_file(task: Task) -> str:
    path = task.folder("filepath")
    if not task.inputs.get("filepath") or not path.is_file():
        message = f"Invalid file path '{task.inputs.get('filepath', '')}'. A path to a script file is required"
        raise TaskError(message)
    return f"exec bash {shlex.quote(str(path))} {task.inputs.get('arguments', '')}\n"


def _run(task: Task, script: str, environment: dict[str, str]) -> Result:
    folder = task.folder("workingdirectory")
    if not folder.is_dir():
        message = f"Not found workingDirectory: {folder}"
        raise TaskError(message)
    bash = shutil.which("bash", path=environment.get("PATH"))
    if bash is None:
        message = "Unable to locate executable file: 'bash'"
        raise TaskError(message)
    outcome = task.run([bash, *_NO_START_FILES, str(_script_file(task, script))], folder, environment)
    if task.flag("failonstderr") and outcome.errors:
        task.state.error("Bash wrote one or more lines to the standard error stream.")
        for line in outcome.errors:
            task.state.error(line)
        return Result.FAILED
    if outcome.code:
        task.state.error(f"Bash exited with code '{outcome.code}'.")
        return Result.FAILED
    return Result.SUCCEEDED


def _script_file(task: Task, script: str) -> Path:
    path = task.job.folders.temp / f"{uuid.uuid4()}.sh"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(script)
    return path
