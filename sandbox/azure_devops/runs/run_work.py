"""Executes the runs of an organisation: what each may use, and what the engine is asked to do."""
from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from sandbox.azure_devops.checks.check_gate import CheckGate, RunFacts
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.library import Pipeline, resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.runs.counters import Counters
from sandbox.azure_devops.runs.listeners import Both
from sandbox.azure_devops.runs.live_jobs import LiveJobs
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.azure_devops.runs.run_record import is_full
from sandbox.azure_devops.runs.run_tracker import Tracker
from sandbox.azure_devops.runs.run_watch import RunWatch
from sandbox.azure_devops.runs.step_logs import StepLogs
from sandbox.azure_devops.runs.timeline import Record, Timeline, read_timeline
from sandbox.azure_devops.runs.visible_repositories import VisibleRepositories
from sandbox.pipelines.counts import Counts
from sandbox.pipelines.prepare import Prepared, prepare
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.request import RunListener, RunRequest, RunResult, Variable
from sandbox.pipelines.results import Result
from sandbox.pipelines.run import run_pipeline

if TYPE_CHECKING:
    from sandbox.azure_devops.organisation_state import OrganisationState

_PLANS = uuid.UUID("7e0a8f5d-52a0-4d6e-8f0b-4d5b8c1b4c77")


class RunWork:
    def __init__(self, organisation: OrganisationState) -> None:
        self._organisation = organisation
        self._counters = Counters(organisation.folder / "counters.json")
        self._timelines: dict[int, Timeline] = {}
        self.jobs = LiveJobs(organisation.accounts)

    def execute(self, run: Run) -> RunResult:
        organisation = self._organisation
        project = organisation.project_of(run.order.pipeline)
        timeline = self._timelines[run.id] = Timeline(run.id, organisation.clock.now)
        watch = RunWatch(run, timeline, StepLogs(run.folder, organisation.clock.now))
        shown = organisation.watch(run)
        request = self.request(run.order, project, run, watch)
        try:
            result = run_pipeline(request, Both(watch, shown) if shown else watch, run.cancelled)
            watch.ended(result)
        except OSError as error:
            if not is_full(error):
                raise
            return _given_up(error, shown)
        finally:
            watch.logs.close()
            del self._timelines[run.id]
        return result

    def preview(self, order: RunOrder) -> Prepared:
        """What a run of `order` would be; PipelineError where it could not start."""
        return prepare(self.request(order, self._organisation.project_of(order.pipeline)))

    def timeline(self, run: int) -> list[Record]:
        """What happened in a run so far; nothing where it has no plan."""
        live = self._timelines.get(run)
        return list(live) if live else read_timeline(self._organisation.folder / "runs" / str(run))

    def plan_id(self, run: int) -> str:
        return str(uuid.uuid5(_PLANS, f"{self._organisation.id}/{run}"))

    def request(self, order: RunOrder, project: Project, run: Run | None = None,
                watch: RunWatch | None = None) -> RunRequest:
        """What the engine is asked to do; without a run, enough to see what `order` would come to."""
        organisation, pipeline = self._organisation, order.pipeline
        member = self._member(project)
        record = project.repositories.record(pipeline.repository)
        tracker = self._tracker(run, project, watch, member) if run and watch else None
        return RunRequest(
            entry=pipeline.yaml_path,
            commit=Commit(pipeline.repository, order.ref, order.commit),
            repositories=self._repositories(order, project, member),
            work_folder=(run.folder if run else organisation.folder) / "work",
            variable_groups=project.library.groups_of(pipeline),
            parameters=order.parameters,
            variables=_queue_time(order),
            stages=order.stages,
            reason=order.reason,
            build_id=run.id if run else 0,
            definition_name=pipeline.name,
            definition_id=pipeline.id,
            project=project.name,
            project_id=project.id,
            repository_id=record.id if record else "",
            collection_uri=organisation.collection_uri,
            requested_for=order.requested_for,
            environ=organisation.machine,
            count=self._counters.of(pipeline.id) if run else Counts().next,
            environments=project.library.environments_of(pipeline),
            queues=_queues(project, pipeline),
            stage_gate=tracker,
            admits=partial(organisation.checkpoint.admits, partial(organisation.resource, project)),
            tracker=tracker,
            plan_id=self.plan_id(run.id) if run else "",
        )

    def _tracker(self, run: Run, project: Project, watch: RunWatch, member: Member) -> Tracker:
        organisation, order = self._organisation, run.order
        facts = RunFacts(run.id, order.pipeline.id, order.ref, order.requested_for, run.seat.left,
                         partial(organisation.resource, project))

        def repository_id(name: str) -> str:
            found = organisation.resource(project, "repository", name)
            return found.id.partition(".")[2] if found else ""

        return Tracker(watch, CheckGate(facts, organisation.checkpoint), self.jobs, member.identity, project,
                       self.plan_id(run.id), repository_id)

    def _member(self, project: Project) -> Member:
        limited = project.record.settings.enforceJobAuthScope
        return self._organisation.build_identities.of(project if limited else None)

    def _repositories(self, order: RunOrder, project: Project, member: Member) -> Repositories:
        organisation = self._organisation
        visible = VisibleRepositories(project, order.pipeline, member, organisation.access)
        return visible.of(organisation.projects())


def _given_up(error: OSError, shown: RunListener | None) -> RunResult:
    """Nothing more can be written of the run, but who looks on can be told."""
    result = RunResult(Result.FAILED.value, error=f"the sandbox cannot go on: {error}; make room, and start it again")
    if shown:
        shown.line("", "", f"##[error]{result.error}")
        shown.run_finished(result.result, 0.0)
    return result


def _queues(project: Project, pipeline: Pipeline) -> list[str]:
    """The agent queues `pipeline` may use: a hosted one is open to every pipeline from the start."""
    library = project.library
    return [one.name for one in library.queues
            if one.hosted or library.permissions.allows(project.id, resource_of(one), pipeline.id)]


def _queue_time(order: RunOrder) -> Mapping[str, Variable]:
    """Variables that are known when the run is queued, those of the service before those of a person."""
    known = {**_of_definition(order.pipeline), **order.variables}
    if order.schedule:
        known["Build.CronSchedule.DisplayName"] = Variable(order.schedule)
    if asked := order.pull_request:
        known |= {
            "System.PullRequest.PullRequestId": Variable(str(asked.id)),
            "System.PullRequest.SourceBranch": Variable(asked.source),
            "System.PullRequest.TargetBranch": Variable(asked.target),
            "System.PullRequest.TargetBranchName": Variable(asked.target.removeprefix("refs/heads/")),
            "System.PullRequest.SourceRepositoryURI": Variable(asked.repository_uri),
        }
    return known


def _of_definition(pipeline: Pipeline) -> dict[str, Variable]:
    """The variables of the definition's own page."""
    found = pipeline.document.get("variables") or {}
    return {name: Variable(str(one.get("value") or ""), secret=bool(one.get("isSecret")))
            for name, one in found.items() if isinstance(one, dict)}
