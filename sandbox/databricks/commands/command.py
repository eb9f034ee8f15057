"""One command of an execution context, and what came of it."""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.notebooks.output import Redaction

QUEUED, RUNNING, CANCELLING = "Queued", "Running", "Cancelling"
FINISHED, CANCELLED, ERROR = "Finished", "Cancelled", "Error"
_ENDED = frozenset({FINISHED, CANCELLED, ERROR})


@dataclass
class Command:
    """`number` counts those of its context from 1; `cancelled_at` is a moment of the monotonic clock."""

    number: int
    text: str
    language: str
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    status: str = QUEUED
    results: dict[str, Any] | None = None
    cancelled_at: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.status in _ENDED

    def finish(self, outcome: Mapping[str, Any], redaction: Redaction) -> None:
        """Take over what the process told of its end; a failure of the command is a result like any other."""
        if outcome.get("interrupted"):
            self.cancel()
            return
        output = redaction.redacted(str(outcome.get("output", "")))
        if "error" in outcome:
            cause = redaction.redacted(f"{output}{outcome.get('error_trace', '')}")
            self.results = _failure(redaction.redacted(str(outcome["error"])), cause)
        else:
            # Clients use what a command prints as a value: dbx the name of a folder.
            self.results = {"resultType": "text", "data": output.removesuffix("\n")}
        # A context may live long, and clients send whole files as text.
        self.status, self.text = FINISHED, ""

    def cancel(self) -> None:
        self.status, self.results = CANCELLED, _failure("CommandCancelled", "The command was cancelled")

    def lose(self, why: str) -> None:
        """The process that ran it is gone."""
        self.status, self.results = ERROR, _failure(why, why)

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "status": self.status, "results": self.results}


def _failure(summary: str, cause: str) -> dict[str, Any]:
    return {"resultType": "error", "summary": summary, "cause": cause}
