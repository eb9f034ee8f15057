"""Follows one run: writes its timeline and its logs."""
from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.azure_devops.runs.step_logs import StepLogs
from sandbox.azure_devops.runs.timeline import Record, Timeline
from sandbox.pipelines.model import DEFAULT_STAGE, Stage
from sandbox.pipelines.request import RunResult
from sandbox.pipelines.tracker import JobFacts

WORKER = "sandbox"


@dataclass
class RunWatch:
    """A RunListener. Jobs of a run work at once, so every change is made under `lock`."""

    run: Run
    timeline: Timeline
    logs: StepLogs
    lock: threading.RLock = field(default_factory=threading.RLock)
    _stages: dict[str, Record] = field(default_factory=dict)
    _phases: dict[str, Record] = field(default_factory=dict)
    _jobs: dict[str, Record] = field(default_factory=dict)
    _tasks: dict[str, Record] = field(default_factory=dict)

    def planned(self, stages: Sequence[Stage]) -> None:
        """Stages and their jobs as they are going to be; a title says the stage only where it has to."""
        with self.lock:
            for stage in stages:
                name = "" if stage.name == DEFAULT_STAGE else stage.display_name
                self._stages[stage.name] = self.timeline.add("Stage", name or stage.name, stage.name)
                for job in stage.jobs:
                    identifier = f"{stage.name}.{job.name}"
                    phase = self.timeline.add("Phase", job.display_name, identifier, self._stages[stage.name])
                    self._phases[identifier] = phase
                    self._phases.setdefault(job.name, phase)

    def job_at_work(self, job: JobFacts) -> None:
        with self.lock:
            phase = self._phases[f"{job.stage}.{job.name}"]
            leg = job.title.removeprefix(f"{job.stage}.").removeprefix(job.name).strip()
            record = self.timeline.add("Job", f"{job.display_name} {leg}".strip(),
                                       f"{phase.identifier}.{leg or '__default'}", phase, record_id=job.id)
            record.log, record.worker = self.logs.open(), WORKER
            self._jobs[job.title] = record
            for one in (phase, record):
                self.timeline.begin(one)

    def checkpoint(self, stage: str) -> Record:
        """The stage asks its checks now; `passed` ends the record."""
        with self.lock:
            record = self.timeline.add("Checkpoint", "Checkpoint", f"{stage}.Checkpoint", self._stages[stage])
            record.log = self.logs.open()
            self.timeline.begin(record)
            return record

    def told(self, record: Record, text: str) -> None:
        with self.lock:
            self.logs.write(record.log, text)

    def passed(self, record: Record, result: str) -> None:
        with self.lock:
            self.timeline.end(record, result)
            self.logs.close(record.log)

    def ended(self, result: RunResult) -> None:
        """Close what never came to its end, and keep the timeline."""
        with self.lock:
            for title, job in result.jobs.items():
                self._close(self._phases.get(title), job)
            for name, stage in result.stages.items():
                self._close(self._stages.get(name), stage)
            self.logs.close()
            if self._stages:
                self.timeline.save(self.run.folder)

    def run_started(self, name: str) -> None:
        self.run.number = name

    def stage_started(self, stage: str) -> None:
        with self.lock:
            self.timeline.begin(self._stages[stage])

    def stage_finished(self, stage: str, result: str, seconds: float) -> None:  # noqa: ARG002 - a listener
        with self.lock:
            self.timeline.end(self._stages[stage], result)

    def job_started(self, job: str) -> None:
        """Its record is there already, from `job_at_work`."""

    def job_finished(self, job: str, result: str, seconds: float) -> None:  # noqa: ARG002 - a listener
        with self.lock:
            if record := self._jobs.pop(job, None):
                self.timeline.end(record, result)
                self.logs.close(record.log)
                self.timeline.sum_up(next(one for one in self._phases.values() if one.id == record.parent))
            else:
                self._close(self._phases.get(job), result)

    def step_started(self, job: str, step: str) -> None:
        with self.lock:
            self._begin_task(job, step)

    def line(self, job: str, step: str, text: str) -> None:  # noqa: ARG002 - a listener
        with self.lock:
            for record in (self._jobs.get(job), self._tasks.get(job)):
                if record:
                    self.logs.write(record.log, text)

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:  # noqa: ARG002 - a listener
        with self.lock:
            # A step that is skipped never started.
            task = self._tasks.pop(job, None) or self._add_task(job, step)
            self.timeline.end(task, result)
            if task.log:
                self.logs.close(task.log)

    def run_finished(self, result: str, seconds: float) -> None:
        """Only `ended` knows everything the run came to."""

    def _begin_task(self, job: str, step: str) -> None:
        task = self._tasks[job] = self._add_task(job, step)
        task.log = self.logs.open()
        self.timeline.begin(task)

    def _add_task(self, job: str, step: str) -> Record:
        parent = self._jobs[job]
        task = self.timeline.add("Task", step, f"{parent.identifier}.{step}", parent)
        task.worker = WORKER
        return task

    def _close(self, record: Record | None, result: str) -> None:
        if record and record.state != "completed":
            self.timeline.end(record, result)
