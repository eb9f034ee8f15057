"""The border to the pipeline agent: the only module that prints, and the one place where errors are caught.

Logging commands and their escapes: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands.
The agent obeys `##vso[` anywhere in a line, so every text printed here is disarmed first.
"""
from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from steps.lib.errors import StepError

BUG_EXIT_CODE = 3
CANCELLED_EXIT_CODE = 130
_MARKER = re.compile(r"##(?=(vso)?\[)", re.IGNORECASE)
_DATA_ESCAPES = (("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY_ESCAPES = (*_DATA_ESCAPES, (";", "%3B"), ("]", "%5D"))
# At a terminal there is no agent that takes logging commands and hides secrets.
_at_terminal = False


def run(step: Callable[[Mapping[str, str]], None], environ: Mapping[str, str]) -> int:
    """Run `step` and return the exit code of its process: 0 done, 1 service, 2 input, 3 bug, 130 cancelled."""
    try:
        step(environ)
    except StepError as error:
        for line in error.lines:
            report_error(line)
        return error.exit_code
    except KeyboardInterrupt:
        report_error("cancelled; what is done so far stays, and running the pipeline again does the rest")
        return CANCELLED_EXIT_CODE
    except Exception:  # noqa: BLE001 - the edge: whatever was not foreseen is a bug, and its traceback is shown
        for line in traceback.format_exc().splitlines():
            info(line)
        report_error("this is a bug in the pipeline library; send the lines above to the team that owns it")
        return BUG_EXIT_CODE
    return 0


def run_at_terminal(command: Callable[[Mapping[str, str]], None], environ: Mapping[str, str]) -> int:
    """As `run`, for a person's terminal: errors go to stderr as they are, and nothing is said to an agent."""
    global _at_terminal
    _at_terminal = True
    try:
        return run(command, environ)
    finally:
        _at_terminal = False


def show(text: object) -> str:
    """`text` on one line, without control characters and with the agent's command marker broken."""
    flat = "".join(char if char.isprintable() else _visible(char) for char in str(text))
    return _MARKER.sub("# #", flat)


def info(text: object = "") -> None:
    _write(show(text))


def warning(text: str) -> None:
    _command("task.logissue", {"type": "warning"}, show(text))


def report_error(text: str) -> None:
    _command("task.logissue", {"type": "error"}, show(text))


def set_output(name: str, value: str) -> None:
    """Set the output variable `name` for later steps, jobs and stages."""
    _command("task.setvariable", {"variable": name, "isOutput": "true"}, value)


def set_secret(value: str) -> None:
    """Let the agent mask `value` in every later line."""
    _command("task.setsecret", {}, value)


def upload_summary(path: str) -> None:
    """Show the Markdown file at `path` on the summary page of the run."""
    _command("task.uploadsummary", {}, path)


@contextmanager
def group(title: str) -> Iterator[None]:
    """Fold the lines printed inside under `title`."""
    _write(show(title) if _at_terminal else f"##[group]{show(title)}")
    try:
        yield
    finally:
        if not _at_terminal:
            _write("##[endgroup]")


def _command(name: str, properties: Mapping[str, str], data: str) -> None:
    if _at_terminal:
        if name == "task.logissue":
            sys.stderr.write(f"{properties['type']}: {data}\n")
        return
    pairs = ";".join(f"{key}={_escape(value, _PROPERTY_ESCAPES)}" for key, value in properties.items())
    head = f"{name} {pairs}" if pairs else name
    _write(f"##vso[{head}]{_escape(data, _DATA_ESCAPES)}")


def _escape(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for raw, escaped in escapes:
        text = text.replace(raw, escaped)
    return text


def _visible(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _write(line: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()
