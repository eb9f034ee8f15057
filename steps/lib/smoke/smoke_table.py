"""Results of smoke tests for the summary page, in Markdown."""
from __future__ import annotations

from collections.abc import Sequence

from steps.lib.markdown import code
from steps.lib.smoke.smoke_result import JobResult, TaskResult, Verdict
from steps.lib.wording import cut

_LONGEST_SHOWN = 300


def table(results: Sequence[JobResult]) -> list[str]:
    """The section of the summary page, in Markdown."""
    rows = [f"| {_cell(result.job.name)} | {_cell(task.key)} | {task.verdict.value} | {task.seconds:.0f} s | "
            f"{_cell(task.exit_value or task.error)} | {_link(task.url or result.url)} |"
            for result in results for task in _tasks(result)]
    return ["| job | task | result | took | exit value or error | |", "|---|---|---|---|---|---|", *rows]


def _tasks(result: JobResult) -> list[TaskResult]:
    whole = TaskResult("(run)", Verdict.FAILED, result.seconds, result.url, result.problem)
    return [*result.tasks, *([whole] if result.problem else [])]


def _cell(text: str) -> str:
    return code(cut(text, _LONGEST_SHOWN)).replace("|", "\\|")


def _link(url: str) -> str:
    return f"[open](<{url}>)" if url and not set("<>\n ") & set(url) else ""
