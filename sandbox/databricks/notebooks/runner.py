"""Runs notebooks, Python files and wheels of a workspace on this machine, as one of its principals."""
from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import ApiError, deny
from sandbox.databricks.notebooks.answers import Answers
from sandbox.databricks.notebooks.kernel_process import Ending, KernelProcess
from sandbox.databricks.notebooks.libraries import pip_arguments
from sandbox.databricks.notebooks.output import OUTPUT_LIMIT, Output, Redaction
from sandbox.databricks.notebooks.places import Place, find_runnable, program_place
from sandbox.databricks.notebooks.task import RUN_HOMES, NotebookResult, NotebookTask
from sandbox.databricks.state import WorkspaceState
from sandbox.databricks.workspace_files.tree import Kind

TIME_LIMIT = 3600.0
_DEPTH = 10


@dataclass(frozen=True)
class _Run:
    task: NotebookTask
    stop: threading.Event
    redaction: Redaction


@dataclass(frozen=True)
class LocalRunner:
    """Set it as `runner` of the state. A run takes at most `time_limit` seconds and shows at most 5 MB.

    Libraries from an index are installed only where `installs_libraries` says so: every run would load them anew.
    The state's lock is held for look-ups alone, never while something runs.
    """

    state: WorkspaceState
    time_limit: float = TIME_LIMIT
    installs_libraries: bool = False
    _depth: int = field(default=0, repr=False)

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:
        redaction = Redaction()
        result = self._run(_Run(task, stop, redaction))
        return replace(result, exit_value=redaction.redacted(result.exit_value), error=redaction.redacted(result.error),
                       error_trace=redaction.redacted(result.error_trace))

    def _run(self, run: _Run) -> NotebookResult:
        """The exit value is still as the notebook gave it: a notebook that asked for it may use it."""
        task, homes = run.task, self.state.folder / RUN_HOMES
        homes.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=homes, ignore_cleanup_errors=True) as folder:
            home = Path(folder)
            try:
                with self.state.lock:
                    principal = _principal(self.state, task.run_as)
                    place = _place(self.state, task, principal, home)
                    install = pip_arguments(self.state.files, task.libraries, from_index=self.installs_libraries)
            except ApiError as error:
                return NotebookResult(succeeded=False, error=error.message)
            deadline = time.monotonic() + self.time_limit

            def run_other(path: str, arguments: Mapping[str, str], timeout: float) -> str:
                return self._run_other(run, path, arguments, timeout)

            order = _order(task, place, install, home, self.state.folder / "dbfs")
            answers = Answers(self.state, principal, order, run.redaction, run_other)
            process = KernelProcess(place.folder, home, answers, Output(OUTPUT_LIMIT))
            return _result(process.run(run.stop, deadline), process.output.text(run.redaction))

    def _run_other(self, run: _Run, path: str, arguments: Mapping[str, str], timeout: float) -> str:
        if self._depth >= _DEPTH:
            message = f"notebooks run each other more than {_DEPTH} deep"
            raise ValueError(message)
        limit = min(timeout, self.time_limit) if timeout > 0 else self.time_limit
        inner = replace(self, time_limit=limit, _depth=self._depth + 1)
        other = NotebookTask(path, arguments, run.task.run_as, libraries=run.task.libraries)
        result = inner._run(replace(run, task=other))
        if not result.succeeded:
            message = f"{path}: {result.error}"
            raise ValueError(message)
        return result.exit_value


def _principal(state: WorkspaceState, name: str) -> Principal:
    found = state.directory.someone(name)
    if found is None:
        deny(f"{name} is not a member of this workspace")
    return found


def _place(state: WorkspaceState, task: NotebookTask, principal: Principal, home: Path) -> Place:
    if task.kind == "wheel":
        return program_place(task.path, home)
    return find_runnable(state.files, task.path, principal, Kind.NOTEBOOK if task.kind == "notebook" else Kind.FILE)


def _order(task: NotebookTask, place: Place, install: list[str], home: Path, file_store: Path) -> dict[str, Any]:
    """See `kernel.order`."""
    file_store.mkdir(exist_ok=True)
    return {"kind": task.kind, "path": place.path, "disk": str(place.disk), "parameters": dict(task.parameters),
            "arguments": _arguments(task.parameters), "import_folders": list(place.import_folders),
            "install": install, "packages": str(home / "packages"), "file_store": str(file_store)}


def _arguments(parameters: Mapping[str, str]) -> list[str]:
    """Numbers are places, in order; every other name becomes `--name=value`, as a wheel's named parameters do."""
    places = sorted((name for name in parameters if name.isdecimal()), key=int)
    named = [f"--{name}={value}" for name, value in parameters.items() if not name.isdecimal()]
    return [*(parameters[name] for name in places), *named]


def _result(ending: Ending, output: str) -> NotebookResult:
    told = ending.told
    if told is None:
        return NotebookResult(succeeded=False, error=_why_silent(ending), output=output)
    exit_value = str(told.get("exit_value", ""))
    if len(exit_value.encode()) > OUTPUT_LIMIT:
        error = f"the exit value is larger than {OUTPUT_LIMIT} bytes"
        return NotebookResult(succeeded=False, error=error, output=output)
    return NotebookResult(told.get("succeeded") is True, exit_value, str(told.get("error", "")),
                          str(told.get("error_trace", "")), output)


def _why_silent(ending: Ending) -> str:
    if ending.stopped:
        return "Run cancelled."
    if ending.timed_out:
        return "Run timed out."
    how = f"signal {-ending.exit_code}" if ending.exit_code < 0 else f"exit code {ending.exit_code}"
    return f"Fatal error: the notebook's process ended with {how}."
