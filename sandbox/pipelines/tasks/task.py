"""What a task gets to work with: its inputs, its step and job, and a way to run programs."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.pipelines.agent_commands import obey
from sandbox.pipelines.job_state import JobState, Stop
from sandbox.pipelines.process import Program, RunningProgram
from sandbox.pipelines.step_state import StepState


class TaskError(Exception):
    """The task fails with this message."""


class TaskEnded(Exception):  # noqa: N818 - not an error of the task
    """The task was told to go: its step timed out or its job was canceled."""


@dataclass(frozen=True)
class Task:
    """`inputs` are expanded and under the engine's names; `environment` is what programs of the step see."""

    state: StepState
    inputs: Mapping[str, str]
    environment: Mapping[str, str]
    stop: Stop

    @property
    def job(self) -> JobState:
        return self.state.job

    def flag(self, name: str, *, default: bool = False) -> bool:
        text = self.inputs.get(name, "").lower()
        return text == "true" if text else default

    def lines(self, name: str) -> list[str]:
        """A multi-line input without its empty lines."""
        return [line.strip() for line in self.inputs.get(name, "").splitlines() if line.strip()]

    def folder(self, name: str, default: str = "System.DefaultWorkingDirectory") -> Path:
        """A path input; relative to the default working directory, as the agent starts its tasks there."""
        base = Path(self.job.variables.value("System.DefaultWorkingDirectory"))
        return base / (self.inputs.get(name, "") or self.job.variables.value(default))

    def run(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Outcome:
        """Run a program to its end; its output goes to the log and its logging commands are obeyed."""
        errors: list[str] = []

        def take(line: str, is_error: bool) -> None:
            if is_error and len(errors) < Outcome.MOST_ERRORS:
                errors.append(line)
            obey(line, self.state)

        try:
            running = RunningProgram(Program(command, folder, environment or self.environment), take,
                                     self.job.run.patience)
        except (OSError, ValueError) as error:
            message = f"cannot start {Path(command[0]).name!r}: {error}"
            raise TaskError(message) from error
        self.job.lifeline.hold(running.group)
        code = running.wait(self.stop)
        if running.was_ended:
            raise TaskEnded
        if running.left_streams_open:
            self.state.warning("a process this step left behind still holds its output and is not listened to any more")
        return Outcome(code, errors)


@dataclass(frozen=True)
class Outcome:
    code: int
    errors: Sequence[str]

    MOST_ERRORS = 10
