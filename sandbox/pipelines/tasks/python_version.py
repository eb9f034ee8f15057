"""UsePythonVersion@0, with one interpreter in its tool cache: the one the run was given."""
from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskError
from sandbox.pipelines.version_range import satisfies

_NAMES = ("python", "python3")
_EXECUTABLE = 0o755


def use_python(task: Task) -> Result:
    wanted = task.inputs.get("versionspec", "") or "3.x"
    python = task.job.run.request.python
    have = version_of(python)
    text = ".".join(str(part) for part in have)
    try:
        fits = satisfies(have, wanted)
    except ValueError as error:
        raise TaskError(str(error)) from error
    if not fits:
        message = (f"Version spec {wanted} does not match any version in the tool cache of this agent, "
                   f"which has Python {text} only")
        raise TaskError(message)
    folder = _folder_with_python(python, task.job.folders.tools / "Python" / text / "bin")
    task.job.variables.set("pythonLocation", str(folder.parent))
    task.state.write(f"Found tool in cache: Python {text}")
    if task.flag("addtopath", default=True):
        task.job.path_prepends.append(str(folder))
        task.state.write(f"Prepending PATH environment variable with directory: {folder}")
    return Result.SUCCEEDED


@lru_cache(maxsize=8)
def version_of(python: Path) -> tuple[int, ...]:
    if python == Path(sys.executable):
        return tuple(sys.version_info[:3])
    code = "import sys; print(*sys.version_info[:3])"
    done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=True)
    return tuple(int(part) for part in done.stdout.split())


def _folder_with_python(python: Path, tools: Path) -> Path:
    """The interpreter's own folder, so that a virtual environment stays one; or one that has the names too."""
    if all((python.parent / name).exists() for name in _NAMES):
        return python.parent
    tools.mkdir(parents=True, exist_ok=True)
    for name in _NAMES:
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec "{python}" "$@"\n', encoding="utf-8")
        script.chmod(_EXECUTABLE)
    return tools
