"""What a step may end with. Only `agent.run` catches these; each carries the exit code of its kind."""
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from steps.lib.findings import Finding


class StepError(Exception):
    """A step cannot go on. `lines` is what a person reads, one error a line."""

    exit_code: ClassVar[int]

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class ServiceError(StepError):
    """A service refused or failed: the same input may work later."""

    exit_code = 1


class InputError(StepError):
    """The input is wrong: only an edit helps."""

    exit_code = 2

    def __init__(self, findings: Sequence[Finding | str]) -> None:
        super().__init__(*(str(finding) for finding in findings))
