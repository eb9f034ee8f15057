"""Read runs: their state, their output, their notebooks."""
from __future__ import annotations

import html
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import ONLY_TASK, SINGLE_TASK
from sandbox.databricks.jobs.job_view import paged
from sandbox.databricks.runs.run import TaskRun
from sandbox.databricks.runs.run_access import run_of
from sandbox.databricks.runs.run_view import PAGED, run_row, task_run_row

_LARGEST_RESULT = 5 * 1024 * 1024


def get(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/runs/get")
    run, attempt = run_of(call, fields, "CAN_VIEW")
    row = run_row(call, run) if attempt is None else task_run_row(call, run, attempt)
    if not fields.get("include_history"):
        row.pop("repair_history", None)
    if call.version != "2.2":
        return row
    row, token = paged(row, PAGED, fields.get("page_token", ""))
    return {**row, **({"next_page_token": token, "has_more": True} if token else {})}


def get_output(call: Call) -> dict[str, Any]:
    """Of a task run. The run of a job has an output only in the format of a single task."""
    run, attempt = run_of(call, call.fields("jobs/runs/get-output"), "CAN_VIEW")
    if attempt is None:
        if run.settings.get("format") != SINGLE_TASK:
            refuse("Retrieving the output of runs with multiple tasks is not supported. "
                   "Please retrieve the output of each individual task run instead.")
        metadata, attempt = run_row(call, run), run.latest[ONLY_TASK]
    else:
        metadata = task_run_row(call, run, attempt)
    return {"metadata": metadata, **_output(attempt)}


def export(call: Call) -> dict[str, Any]:
    run, attempt = run_of(call, call.fields("jobs/runs/export"), "CAN_VIEW")
    attempt = attempt or (next(iter(run.latest.values())) if len(run.latest) == 1 else None)
    if attempt is None:
        refuse("Exporting runs with multiple tasks is not supported; export each task run instead")
    if "notebook_task" not in attempt.task:
        refuse("Only notebook runs can be exported.")
    path = attempt.task["notebook_task"]["notebook_path"]
    printed = attempt.output.output if attempt.output is not None else ""
    content = (f"<!DOCTYPE html><html><head><title>{html.escape(path)}</title></head>"
               f"<body><pre>{html.escape(printed)}</pre></body></html>")
    return {"views": [{"content": content, "name": path.rpartition("/")[2], "type": "NOTEBOOK"}]}


def _output(attempt: TaskRun) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if attempt.child_run_id:
        shown["run_job_output"] = {"run_id": attempt.child_run_id}
    output = attempt.output
    if "notebook_task" in attempt.task:
        text = output.exit_value if output is not None else ""
        shown["notebook_output"] = {"result": text[:_LARGEST_RESULT], "truncated": len(text) > _LARGEST_RESULT}
        if not text:
            shown["notebook_output"] = {}
    elif output is not None:
        shown["logs"], shown["logs_truncated"] = output.output[-_LARGEST_RESULT:], len(output.output) > _LARGEST_RESULT
    if output is not None and not output.succeeded and attempt.result != "CANCELED":
        shown.update({"error": output.error, "error_trace": output.error_trace})
    elif attempt.failure:
        shown["error"] = attempt.failure
    elif attempt.result not in {"SUCCESS", ""}:
        shown["error"] = attempt.message
    return shown
