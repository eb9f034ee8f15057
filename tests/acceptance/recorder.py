"""What a run showed, as text that is the same in every run: ids, times and addresses become tokens."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.http.request_log import Entry
from sandbox.world.world import World

# What git and pip print there depends on their versions.
_QUIET_STEPS = re.compile(r"Check out|Select Python|Install what")
_TOKENS = (
    (re.compile(r"\b\d{4}-\d{6}-[0-9a-f]{8}\b"), "<cluster id>"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "<commit>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), "<time>"),
    (re.compile(r"\b\d+(\.\d+)? (s|seconds)\b"), "<seconds>"),
)


@dataclass
class Recorder:
    """Listens to one run after the other; `text` is what they showed since the last `clear`."""

    lines: list[str] = field(default_factory=list)

    def of(self, run: Run) -> Recorder:
        self.lines.append(f"run of {run.order.pipeline.name} for {run.order.ref}")
        return self

    def run_started(self, name: str) -> None: ...

    def stage_started(self, stage: str) -> None: ...

    def stage_finished(self, stage: str, result: str, seconds: float) -> None: ...

    def job_started(self, job: str) -> None: ...

    def job_finished(self, job: str, result: str, seconds: float) -> None: ...

    def step_started(self, job: str, step: str) -> None: ...

    def line(self, job: str, step: str, text: str) -> None:  # noqa: ARG002 - every run of ours has one job
        if not _QUIET_STEPS.match(step) and not text.startswith("##[section]"):
            self.lines.append(f"    {text}".rstrip())

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:  # noqa: ARG002
        self.lines.append(f"  {step}: {result} in {seconds:.1f} s")

    def run_finished(self, result: str, seconds: float) -> None:
        self.lines.append(f"{result} in {seconds:.1f} s")

    def text(self, world: World) -> str:
        return neutral("\n".join(self.lines or ["no run"]) + "\n", world)


def requests_text(entries: Sequence[Entry], world: World) -> str:
    """One request a line. Reads between two writes are a sorted set: some are sent in parallel, others repeated."""
    lines: list[str] = []
    reads: set[str] = set()
    for entry in entries:
        query = "&".join(f"{name}={value}" for name, values in sorted(entry.query.items()) for value in values)
        line = f"{entry.status} {entry.method} {entry.path}{'?' if query else ''}{query}"
        if entry.is_write:
            lines += [*sorted(reads), line]
            reads = set()
        else:
            reads.add(line)
    return neutral("\n".join([*lines, *sorted(reads)]) + "\n", world)


def neutral(text: str, world: World) -> str:
    for name, server in world.servers.items():
        text = text.replace(server.url, f"<{name}>").replace(server.url.partition("://")[2], f"<{name}>")
    text = text.replace(str(world.state.folder), "<state>").replace(world.tenant.tenant_id, "<tenant>")
    for pattern, token in _TOKENS:
        text = pattern.sub(token, text)
    return text
