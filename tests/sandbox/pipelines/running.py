"""Runs pipeline text in a folder of its own, for tests of what a run does."""
from __future__ import annotations

import textwrap
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.request import RunListener, RunRequest, RunResult, Variable
from sandbox.pipelines.run import run_pipeline

ENTRY = "azure-pipelines.yml"
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def request(folder: Path, text: str, files: Mapping[str, str] | None = None, **options: Any) -> RunRequest:
    """The pipeline `text` in a plain folder that stands for the repository `product`."""
    sources = folder / "product"
    sources.mkdir(exist_ok=True)
    for name, content in {ENTRY: text, **(files or {})}.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(textwrap.dedent(content), encoding="utf-8")
    repositories = Repositories()
    repositories.add_folder("product", sources, ref=options.pop("ref", "refs/heads/main"))
    return RunRequest(ENTRY, repositories.resolve("product"), repositories, folder / "work", environ=ENVIRONMENT,
                      **options)


def run(folder: Path, text: str, *, listener: RunListener | None = None, cancelled: threading.Event | None = None,
        **options: Any) -> RunResult:
    return run_pipeline(request(folder, text, **options), listener, cancelled)


def secret(value: str) -> Variable:
    return Variable(value, secret=True)


def lines(result: RunResult) -> list[str]:
    """The lines steps wrote, without those that name the steps."""
    assert result.error is None, result.error
    marks = ("##[section]", "Copying ")
    return [line for line in result.log.splitlines() if not line.startswith(marks)]


class Canceler:
    """A listener that cancels the run as soon as a step writes the word `cancel`."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.seen: list[str] = []

    def run_started(self, name: str) -> None:
        self.seen.append(f"run {name}")

    def stage_started(self, stage: str) -> None:
        self.seen.append(f"stage {stage}")

    def stage_finished(self, stage: str, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append(f"stage {stage} {result}")

    def job_started(self, job: str) -> None:
        self.seen.append(f"job {job}")

    def job_finished(self, job: str, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append(f"job {job} {result}")

    def step_started(self, job: str, step: str) -> None:
        self.seen.append(f"step {job} {step}")

    def line(self, job: str, step: str, text: str) -> None:
        if text == "cancel":
            self.event.set()
        if job and step and not text.startswith("##[section]"):
            self.seen.append(f"line {text}")

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append(f"step {job} {step} {result}")

    def run_finished(self, result: str, seconds: float) -> None:
        assert seconds >= 0
        self.seen.append(f"run {result}")
