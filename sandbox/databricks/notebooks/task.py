"""What a run of a notebook, a Python file or a wheel is asked to do, and what comes of it."""
from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class NotebookTask:
    path: str                     # workspace path, /Repos/dev/churn/notebooks/train
    parameters: Mapping[str, str] # widgets
    run_as: str                   # principal name
    kind: str = "notebook"        # "notebook", "python_file", "wheel"
    libraries: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class NotebookResult:
    succeeded: bool
    exit_value: str = ""
    error: str = ""
    error_trace: str = ""
    output: str = ""


class NotebookRunner(Protocol):
    """`stop` ends a run early; what it was doing is killed with all its children."""

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult: ...
