"""A job as the workspace tells it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FoundJob:
    """`body` is a row of jobs/list or an answer of jobs/get; `is_whole` where it is known to leave nothing out."""

    body: Mapping[str, Any]
    is_whole: bool = False

    @property
    def job_id(self) -> int:
        return int(self.body["job_id"])

    @property
    def settings(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = self.body.get("settings") or {}
        return settings

    @property
    def name(self) -> str:
        return str(self.settings.get("name", ""))

    @property
    def title(self) -> str:
        """What the job is called in messages."""
        return f"{self.name!r} ({self.job_id})"

    @property
    def run_as(self) -> str:
        """User name or application id; empty where the answer does not tell."""
        named = self.settings.get("run_as") or {}
        return str(next(iter(named.values()), "") or self.body.get("run_as_user_name") or "")

    @property
    def needs_reading(self) -> bool:
        """Rows of a list may end before the last task, and need not tell who the job runs as."""
        return not self.is_whole and (bool(self.body.get("has_more")) or not self.run_as)

    def has_tags(self, tags: Mapping[str, str]) -> bool:
        own = self.settings.get("tags") or {}
        return all(own.get(key) == value for key, value in tags.items())

    def is_at(self, host: str) -> str:
        """Its address in the workspace at `host`."""
        return address_of(host, self.job_id)


def address_of(host: str, job_id: int) -> str:
    return f"{host}/jobs/{job_id}"
