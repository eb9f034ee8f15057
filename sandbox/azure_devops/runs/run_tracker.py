"""What the engine tells the organisation of a run, and what it asks of it: tokens of jobs, and checks of stages."""
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sandbox.azure_devops.identities.accounts import Scope
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.runs.live_jobs import LiveJob, LiveJobs
from sandbox.azure_devops.runs.run_watch import RunWatch
from sandbox.pipelines.model import Stage
from sandbox.pipelines.repositories import Commit
from sandbox.pipelines.request import Identity, StageEntry, StageGate, Tell
from sandbox.pipelines.tracker import JobFacts


@dataclass
class Tracker:
    """A RunTracker and the StageGate of one run; `gate` has the checks themselves.

    `repository_id` finds what the pipeline means by the name of a repository.
    """

    watch: RunWatch
    gate: StageGate
    jobs: LiveJobs
    identity: Identity
    project: Project
    plan: str
    repository_id: Callable[[str], str]
    _reach: frozenset[str] | None = None
    _entries: dict[str, StageEntry] = field(default_factory=dict)

    def planned(self, stages: Sequence[Stage], repositories: Mapping[str, Commit]) -> None:
        """From here on tokens reach what the pipeline names, if the project wants it so."""
        self.watch.planned(stages)
        if self.project.record.settings.enforceReferencedRepoScopedToken:
            self._reach = frozenset(self.repository_id(commit.repository) for commit in repositories.values())

    def at_work(self, job: JobFacts) -> AbstractContextManager[str]:
        self.watch.job_at_work(job)
        run = self.watch.run
        live = LiveJob(job, self.plan, run.id, run.order.pipeline.id, self.project.id, self._entries.get(job.stage))
        return self.jobs.at_work(live, self.identity, Scope(repositories=self._reach))

    def enter(self, entry: StageEntry, canceled: threading.Event, tell: Tell) -> str:
        record = self.watch.checkpoint(entry.stage)

        def told(text: str) -> None:
            self.watch.told(record, text)
            tell(text)

        result = self.gate.enter(entry, canceled, told)
        self.watch.passed(record, result)
        self._entries[entry.stage] = entry
        return result

    def leave(self, entry: StageEntry) -> None:
        self.gate.leave(entry)
