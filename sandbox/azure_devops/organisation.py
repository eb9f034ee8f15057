"""The embedded Azure DevOps organisation: one project with repositories, pipelines, variable groups and runs."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.azure_devops.accounts import Accounts
from sandbox.azure_devops.checks.check_gate import CheckGate, Checkpoint, RunFacts
from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_service import GitService
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.pipelines import Library, Pipeline
from sandbox.azure_devops.runs.counters import Counters
from sandbox.azure_devops.runs.push_triggers import orders_for
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run, RunQueue
from sandbox.azure_devops.runs.schedule_timer import Project, ScheduleTimer
from sandbox.clock import Clock, SystemClock
from sandbox.http.router import Router
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.request import Identity, RunListener, RunRequest, RunResult, Variable
from sandbox.pipelines.run import run_pipeline

Watch = Callable[[Run], "RunListener | None"]
OnPush = Callable[[Push, list[RunOrder]], None]


def nobody(_: Run) -> RunListener | None:
    """Watches no run."""
    return None


def nothing(_: Push, __: list[RunOrder]) -> None:
    """Does nothing about a push."""


@dataclass(frozen=True)
class Names:
    organisation: str = "brickline"
    project: str = "analytics"


@dataclass
class Organisation:
    """`machine` is the whole environment of the machine its agents run on; `address` is set once it is served.

    `watch` gives the observer of a run, `on_push` is told of every push and of the runs it ordered; `checkpoint` has
    the checks of environments, variable groups and repositories, and the approvals that wait. `schedules` starts runs
    by `clock` whenever somebody ticks it.
    """

    folder: Path
    machine: Mapping[str, str]
    names: Names = Names()
    watch: Watch = nobody
    on_push: OnPush = nothing
    address: str = "http://localhost"
    accounts: Accounts = field(default_factory=Accounts)
    library: Library = field(default_factory=Library)
    checkpoint: Checkpoint = field(default_factory=Checkpoint)
    repositories: dict[str, BareRepository] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self._counters = Counters(self.folder / "counters.json")
        self.runs = RunQueue(self.folder / "runs", self._execute)
        self.schedules = ScheduleTimer(Project(self.library, self.repositories, self.runs), self.clock)
        self.application = Router()
        pattern = f"/{self.names.organisation}/{self.names.project}/_git/{{repository}}/{{path...}}"
        self.application.add("*", pattern, GitService(self.repositories, self.accounts, self._pushed))

    @property
    def collection_uri(self) -> str:
        return f"{self.address}/{self.names.organisation}/"

    def git_url(self, repository: str) -> str:
        return f"{self.collection_uri}{self.names.project}/_git/{repository}"

    def create_repository(self, name: str) -> BareRepository:
        self.repositories[name] = BareRepository.create(name, self.folder / "git" / f"{name}.git")
        return self.repositories[name]

    def queue_run(self, pipeline: Pipeline, branch: str, requested_for: Identity,
                  parameters: Mapping[str, object] | None = None) -> Run | None:
        """Run `pipeline` by hand for the newest commit of `branch`; None once the organisation has stopped."""
        ref = f"refs/heads/{branch}"
        commit = self.repositories[pipeline.repository].refs()[ref]
        return self.runs.queue(RunOrder(pipeline, ref, commit, "Manual", requested_for, parameters=parameters or {}))

    def _pushed(self, push: Push) -> None:
        repository = self.repositories[push.repository]
        orders = orders_for(push, repository, self.library.of_repository(push.repository))
        self.on_push(push, orders)
        for order in orders:
            self.runs.queue(order)

    def _execute(self, run: Run) -> RunResult:
        with self.accounts.lent(Identity(f"Project Collection Build Service ({self.names.organisation})",
                                         f"build@{self.names.organisation}")) as token:
            result = run_pipeline(self._request(run, token), self.watch(run), run.cancelled)
        self._counters.save()
        return result

    def _gate(self, run: Run) -> CheckGate:
        order = run.order
        facts = RunFacts(run.id, order.pipeline.id, order.ref, order.requested_for, run.seat.left)
        return CheckGate(facts, self.checkpoint)

    def _request(self, run: Run, token: str) -> RunRequest:
        repositories = Repositories()
        for name, repository in self.repositories.items():
            repositories.add_git(name, repository.path)
        order = run.order
        return RunRequest(
            entry=order.pipeline.yaml_path,
            commit=Commit(order.pipeline.repository, order.ref, order.commit),
            repositories=repositories,
            work_folder=run.folder / "work",
            variable_groups=self.library.groups_of(order.pipeline),
            parameters=order.parameters,
            variables=_queue_time(order),
            reason=order.reason,
            build_id=run.id,
            definition_name=order.pipeline.name,
            definition_id=order.pipeline.id,
            project=self.names.project,
            collection_uri=self.collection_uri,
            requested_for=order.requested_for,
            environ=self.machine,
            counters=self._counters.of(order.pipeline.id),
            access_token=token,
            environments=self.library.environments_of(order.pipeline),
            stage_gate=self._gate(run),
        )


def _queue_time(order: RunOrder) -> dict[str, Variable]:
    return {"Build.CronSchedule.DisplayName": Variable(order.schedule)} if order.schedule else {}
