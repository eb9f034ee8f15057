"""What the Jobs API refuses of parameters: their names, their size, and letters beyond ASCII for a Python file."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator

from steps.lib.findings import Finding
from steps.lib.jobs.job_config import JobConfig
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.wording import got

# https://docs.databricks.com/api/workspace/jobs/create, parameters and notebook_params
MOST_BYTES = 10_000
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def parameter_findings(job: JobConfig) -> list[Finding]:
    return sorted(finding for place in _places(job) for finding in _findings(job, place))


def _places(job: JobConfig) -> Iterator[JsonPath]:
    yield ("parameters",)
    yield ("smoke_test", "parameters")
    yield from ((*place, "parameters") for place, _ in job.tasks if place)


def _findings(job: JobConfig, place: JsonPath) -> Iterator[Finding]:
    parameters = job.view.get(place)
    if not isinstance(parameters, (dict, list)):
        return
    size = len(json.dumps(parameters, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        yield job.view.finding(place, f"{size:,} bytes of parameters, expected at most {MOST_BYTES:,}")
    yield from _odd_names(job, place, parameters) if isinstance(parameters, dict) else _odd_texts(job, place)


def _odd_names(job: JobConfig, place: JsonPath, parameters: dict[str, Json]) -> Iterator[Finding]:
    for name in parameters:
        odd = _NOT_IN_A_NAME.search(name)
        if odd or not name:
            problem = f"parameter name {got(name)} {f'has {odd.group()!r}' if odd else 'is empty'}"
            yield job.view.finding((*place, name), f"{problem}, expected only letters of ASCII, digits, _ . and -")


def _odd_texts(job: JobConfig, place: JsonPath) -> Iterator[Finding]:
    if "python_file" not in job.view.object(place[:-1]):
        return
    for index, text in enumerate(job.view.list(place)):
        if isinstance(text, str) and not text.isascii():
            problem = f"{got(text)} has letters beyond ASCII, which the parameters of a Python file cannot"
            yield job.view.finding((*place, index), f"{problem}, expected ASCII; read it from a file instead")
