"""Starts runs by the clock: the `schedules:` of each pipeline in every branch of its repository."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import RunQueue
from sandbox.clock import Clock
from sandbox.pipelines import nodes
from sandbox.pipelines.final import to_data
from sandbox.pipelines.request import Identity
from sandbox.pipelines.schedules import Schedule, read_schedules
from sandbox.pipelines.templates.document import load_document

REASON = "Schedule"
_BRANCHES = "refs/heads/"
_SYSTEM = Identity("Project Collection Service Accounts", "system@sandbox.test")

Tip = tuple[int, str, str]
"""Number of the pipeline, path of its YAML and commit: what the known schedules of a branch hang on."""


class ScheduleTimer:
    """A time is due at the first `tick` after it; those before this object was made are missed."""

    def __init__(self, projects: Callable[[], list[Project]], runs: RunQueue, clock: Clock) -> None:
        self._projects = projects
        self._runs = runs
        self._clock = clock
        self._last = clock.now()
        self._known: dict[Tip, list[Schedule]] = {}

    def tick(self) -> None:
        """Queue a run for every schedule whose time came since the last tick, once however often it came."""
        last, self._last = self._last, self._clock.now()
        known: dict[Tip, list[Schedule]] = {}
        for pipeline, repository in self._pipelines():
            refs = repository.refs() if repository else {}
            for ref, commit in refs.items():
                if repository and ref.startswith(_BRANCHES):
                    tip = (pipeline.id, pipeline.yaml_path, commit)
                    known[tip] = self._known[tip] if tip in self._known else _schedules(pipeline, repository, commit)
                    self._start_due(pipeline, ref, commit, [one for one in known[tip] if _came(one, last, self._last)])
        self._known = known

    def _pipelines(self) -> list[tuple[Pipeline, BareRepository | None]]:
        return [(pipeline, project.repositories.get(pipeline.repository))
                for project in self._projects() for pipeline in project.library.pipelines]

    def _start_due(self, pipeline: Pipeline, ref: str, commit: str, schedules: list[Schedule]) -> None:
        for schedule in (one for one in schedules if one.applies_to(ref)):
            order = RunOrder(pipeline, ref, commit, REASON, _SYSTEM, schedule=schedule.display_name)
            changed = self._runs.last_good_commit(order) != commit
            if schedule.is_due(changed=changed, running=self._runs.goes_on(order)):
                self._runs.queue(order)


def _came(schedule: Schedule, last: float, now: float) -> bool:
    time = schedule.cron.next_after(datetime.fromtimestamp(last, timezone.utc))
    return time is not None and time.timestamp() <= now


def _schedules(pipeline: Pipeline, repository: BareRepository, commit: str) -> list[Schedule]:
    """Those of the YAML in `commit`; none where it cannot be read, which a run of it would tell."""
    content = repository.read(commit, pipeline.yaml_path)
    if content is None:
        return []
    try:
        document = load_document(content, pipeline.yaml_path)
        node = document.get("schedules") if isinstance(document, nodes.Mapping) else None
        return read_schedules(to_data(node)) if node else []
    except (nodes.PipelineError, ValueError):
        return []
