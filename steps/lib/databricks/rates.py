"""How many calls a second a workspace takes, by family of endpoints.

The numbers are those of https://learn.microsoft.com/azure/databricks/resources/limits, for each workspace.
"""
from __future__ import annotations

import re

from steps.lib.clock import Clock
from steps.lib.http.pace import Pace

_FAMILIES = (
    (re.compile(r"POST /api/2\.\d/jobs/create"), 20.0),
    (re.compile(r"POST /api/2\.\d/jobs/run-now"), 20.0),
    (re.compile(r"POST /api/2\.\d/jobs/runs/submit"), 35.0),
    (re.compile(r"GET /api/2\.\d/jobs/runs/get"), 100.0),
    (re.compile(r"GET /api/2\.0/permissions/.*"), 100.0),
    (re.compile(r"(PUT|PATCH) /api/2\.0/permissions/.*"), 30.0),
)


class Rates:
    """The pace of each family, shared by all threads of a step."""

    def __init__(self, clock: Clock) -> None:
        self._paces = [(pattern, Pace(rate, clock)) for pattern, rate in _FAMILIES]

    def of(self, call: str) -> Pace | None:
        """The pace of `call`, such as `GET /api/2.1/jobs/runs/get`; None where no rate is documented."""
        return next((pace for pattern, pace in self._paces if pattern.fullmatch(call)), None)
