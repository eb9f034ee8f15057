"""What a run of a notebook, a Python file or a wheel is asked to do, and what comes of it."""
from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

RUN_HOMES = "runs"
"""The folder of a workspace's folder that holds one for each process that runs."""


@dataclass(frozen=True)
class NotebookTask:
    """Of a program's `parameters` those named by a number are its arguments, in order; others become `--name=value`.

    The `path` of a wheel is `package:entry_point`; the wheel itself is one of `libraries`.
    """

    path: str                     # workspace path, /Repos/dev/churn/notebooks/train
    parameters: Mapping[str, str] # widgets
    run_as: str                   # principal name
    kind: str = "notebook"        # "notebook", "python_file", "wheel"
    libraries: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class NotebookResult:
    """`exit_value` is what `dbutils.notebook.exit` gave, `error` one line, `output` all that was printed.

    Secrets that the run has read are redacted in each of them.
    """

    succeeded: bool
    exit_value: str = ""
    error: str = ""
    error_trace: str = ""
    output: str = ""


class NotebookRunner(Protocol):
    """`stop` ends a run early; what it was doing is killed with all its children."""

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult: ...
