"""What happened in a build, and its logs: https://learn.microsoft.com/rest/api/azure/devops/build/timeline."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection, timestamp
from sandbox.azure_devops.rest.errors import RestError
from sandbox.azure_devops.rest.pipelines.build_view import url
from sandbox.azure_devops.rest.pipelines.builds import run_of
from sandbox.azure_devops.runs.run_history import RunRecord
from sandbox.azure_devops.runs.step_logs import LogFile, logs_of
from sandbox.azure_devops.runs.timeline import Record
from sandbox.http.message import Response, json_response, text_response

_NEVER = "0001-01-01T00:00:00"


def routes() -> Routes:
    one = "{project}/_apis/build/builds/{build}"
    return [
        ("GET", f"{one}/timeline", _timeline),
        ("GET", f"{one}/timeline/{{timeline}}", _timeline),
        ("GET", f"{one}/logs", _list),
        ("GET", f"{one}/logs/{{log}}", _log),
    ]


def _timeline(call: Call) -> dict[str, Any] | Response:
    """204 where the run came to no plan: it still waits, or its YAML is wrong."""
    project = call.project()
    run = run_of(call, project)
    records = call.organisation.work.timeline(run.id)
    plan = call.organisation.work.plan_id(run.id)
    if not records or call.request.arguments.get("timeline", plan).casefold() != plan:
        return Response(204)
    base = url(call, project, run)
    return {"id": plan, "changeId": len(records), "lastChangedBy": "00000002-0000-8888-8000-000000000000",
            "lastChangedOn": timestamp(run.finished or run.started or run.queued), "url": f"{base}/Timeline/{plan}",
            "records": [_record(one, base) for one in records]}


def _record(record: Record, base: str) -> dict[str, Any]:
    log = {"id": record.log, "type": "Container", "url": f"{base}/logs/{record.log}"} if record.log else None
    return {
        "previousAttempts": [], "id": record.id, "parentId": record.parent or None, "type": record.kind,
        "name": record.name, "startTime": _time(record.started), "finishTime": _time(record.finished),
        "currentOperation": None, "percentComplete": None, "state": record.state, "result": record.result or None,
        "resultCode": None, "changeId": record.order, "lastModified": _NEVER, "workerName": record.worker or None,
        "order": record.order, "details": None, "errorCount": int(record.result == "failed"), "warningCount": 0,
        "url": None, "log": log, "task": None, "attempt": 1, "identifier": record.identifier,
    }


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(seconds)


def _list(call: Call) -> dict[str, Any]:
    project = call.project()
    run = run_of(call, project)
    return collection(_reference(call, project, run, one) for one in logs_of(run.folder))


def _reference(call: Call, project: Project, run: RunRecord, log: LogFile) -> dict[str, Any]:
    return {"lineCount": len(log.lines()), "createdOn": timestamp(run.started or run.queued),
            "lastChangedOn": timestamp(log.written), "id": log.id, "type": "Container",
            "url": f"{url(call, project, run)}/logs/{log.id}"}


def _log(call: Call) -> Response:
    """Text, or a list of lines where the client accepts JSON only. `startLine` and `endLine` count from 1."""
    run = run_of(call, call.project())
    wanted = call.argument("log")
    found = next((one for one in logs_of(run.folder) if str(one.id) == wanted), None)
    if found is None:
        message = f"The log {wanted} of build {run.id} could not be found."
        raise RestError(404, "BuildLogNotFoundException", message)
    lines = _lines(found.path, call.number("startLine", 1), call.number("endLine", 0))
    if "application/json" in call.request.headers.get("Accept", ""):
        return json_response(_texts(lines))
    return text_response("".join(f"{line}\r\n" for line in lines))


def _texts(lines: list[str]) -> dict[str, Any]:
    return {"count": len(lines), "value": lines}


def _lines(path: Path, start: int, end: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return lines[max(start, 1) - 1:end or None]
