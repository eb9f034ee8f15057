"""The number of a run, from the `name:` of its pipeline.

Tokens: https://learn.microsoft.com/azure/devops/pipelines/process/run-number.
"""
from __future__ import annotations

import re
from datetime import datetime

from sandbox.pipelines.counts import Count
from sandbox.pipelines.predefined import branch_name
from sandbox.pipelines.request import RunRequest
from sandbox.pipelines.variables import Variables

DEFAULT_FORMAT = "$(Date:yyyyMMdd).$(Rev:r)"
_TOKEN = re.compile(r"\$\((\w+)(?::([^)]*))?\)")
_DATE_PARTS = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_PIECE = re.compile("|".join(sorted(_DATE_PARTS, key=len, reverse=True)))


def run_number(text: str, request: RunRequest, variables: Variables, now: datetime) -> str:
    """`$(Rev:r)` counts the runs whose number is otherwise the same; what is no token may be a variable."""
    known = _tokens(request, now)

    def replace(found: re.Match[str]) -> str:
        name, form = found.group(1).lower(), found.group(2)
        if name in ("date", "year") and form:
            return _PIECE.sub(lambda piece: now.strftime(_DATE_PARTS[piece.group()]), form)
        return known.get(name, found.group()) if form is None else found.group()

    number = variables.expand(_TOKEN.sub(replace, text or DEFAULT_FORMAT))
    return _with_revision(number, request.count)


def _tokens(request: RunRequest, now: datetime) -> dict[str, str]:
    return {
        "buildid": str(request.build_id), "builddefinitionname": request.definition_name,
        "sourcebranchname": branch_name(request.commit.ref), "teamproject": request.project,
        "dayofmonth": str(now.day), "dayofyear": str(now.timetuple().tm_yday), "month": str(now.month),
        "hours": str(now.hour), "minutes": str(now.minute), "seconds": str(now.second),
    }


def _with_revision(number: str, count: Count) -> str:
    found = re.search(r"\$\(Rev:([^)]*?)(r+)\)", number, re.IGNORECASE)
    if not found:
        return number
    revision = found.group(1) + str(count(f"revision of {number}", 1)).zfill(len(found.group(2)))
    return number[: found.start()] + revision + number[found.end() :]
