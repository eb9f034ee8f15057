"""What a task asks a notebook runner to do."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.databricks.notebooks.task import NotebookTask
from sandbox.databricks.runs.parameters import arguments, named_arguments, widgets
from sandbox.databricks.runs.run import Run, TaskRun


@dataclass(frozen=True)
class Unexecutable:
    """The sandbox keeps and shows every type of task; it executes notebooks, Python files and wheels."""

    reason: str


def work_of(run: Run, attempt: TaskRun) -> NotebookTask | Unexecutable:
    """Arguments of programs are given by their place, `0`, `1`, ..., or by their name."""
    task = attempt.task
    libraries = tuple(task.get("libraries", ()))
    if "git_source" in run.settings:
        return Unexecutable("the sandbox does not execute tasks of a git_source; use a Git folder")
    if "notebook_task" in task:
        path = task["notebook_task"]["notebook_path"]
        return NotebookTask(path, widgets(run, attempt), run.run_as, "notebook", libraries)
    if "spark_python_task" in task:
        given = arguments(run, attempt, task["spark_python_task"].get("parameters", []))
        return NotebookTask(task["spark_python_task"]["python_file"], given, run.run_as, "python_file", libraries)
    if "python_wheel_task" in task:
        wheel = task["python_wheel_task"]
        given = {**arguments(run, attempt, wheel.get("parameters", [])),
                 **named_arguments(run, attempt, wheel.get("named_parameters", {}))}
        return NotebookTask(f"{wheel['package_name']}:{wheel['entry_point']}", given, run.run_as, "wheel", libraries)
    kind = next(name for name in task if name.endswith("_task"))
    return Unexecutable(f"the sandbox does not execute a {kind}")
