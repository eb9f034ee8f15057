"""What an organisation has: projects, people and their permissions, checks, and the runs of pipelines."""
from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.azure_devops.checks.check_gate import Checkpoint
from sandbox.azure_devops.endpoints.service_endpoints import ServiceEndpoints
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.identities.accounts import Accounts
from sandbox.azure_devops.identities.directory import Directory
from sandbox.azure_devops.observers import IssueToken, OnPush, Watch, no_tenant, nobody, nothing
from sandbox.azure_devops.projects.library import AgentQueue, Pipeline
from sandbox.azure_devops.projects.operations import Operations
from sandbox.azure_devops.projects.project import Project, ProjectTables
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.repos import Repos
from sandbox.azure_devops.runs.build_identity import BuildIdentities
from sandbox.azure_devops.runs.push_triggers import orders_for
from sandbox.azure_devops.runs.run_order import PullRequestFacts, RunOrder
from sandbox.azure_devops.runs.run_queue import Run, RunQueue
from sandbox.azure_devops.runs.run_work import RunWork
from sandbox.azure_devops.runs.schedule_timer import ScheduleTimer
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.authorship import Authorship
from sandbox.azure_devops.security.defaults import found_groups
from sandbox.clock import Clock, SystemClock
from sandbox.pipelines.request import Identity
from sandbox.storage import Storage

_STORAGE = "azure_devops.sqlite"
_NAMESPACE = uuid.UUID("5a0d7b6e-0f66-4d0c-8f1a-3a0c6a6f8a10")


@dataclass(frozen=True)
class Names:
    """`project` is the one that is there from the start."""

    organisation: str = "brickline"
    project: str = "analytics"


@dataclass
class OrganisationState:
    """`machine` is the whole environment of the machine its agents run on; `address` is set once it is served.

    `watch` gives the observer of a run, `on_push` is told of every push and of the runs it ordered; `checkpoint` has
    the checks of protected resources. `schedules` starts runs whenever somebody ticks it. `lock` guards every change
    that takes more than one step.
    """

    folder: Path
    machine: Mapping[str, str]
    names: Names = Names()
    watch: Watch = nobody
    on_push: OnPush = nothing
    address: str = "http://localhost"
    accounts: Accounts = field(default_factory=Accounts)
    clock: Clock = field(default_factory=SystemClock)
    issue_token: IssueToken = no_tenant

    def __post_init__(self) -> None:
        self.id = str(uuid.uuid5(_NAMESPACE, self.names.organisation))
        self.lock = threading.RLock()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.storage = Storage(self.folder / _STORAGE)
        self.directory = Directory(self.storage, self.id)
        self.access = AccessLists(self.storage, self.directory)
        self.authorship = Authorship(self.storage)
        self.endpoints = ServiceEndpoints(self.storage)
        self.operations = Operations(self.storage)
        self.checkpoint = Checkpoint.of(self.storage, self.directory, self.clock)
        self._tables = ProjectTables(self.storage, self.folder / "git")
        self.build_identities = BuildIdentities(self.names.organisation, self.id, self.directory, self.access)
        self.work = RunWork(self)
        self.runs = RunQueue(self.folder / "runs", self.work.execute, clock=self.clock)
        self.home = self.create_project(self.names.project)
        self.repos = Repos(self)
        self.schedules = ScheduleTimer(self.projects, self.runs, self.clock)

    @property
    def collection_uri(self) -> str:
        return f"{self.address}/{self.names.organisation}/"

    def create_project(self, name: str, description: str = "") -> Project:
        """Add a project with its groups; one of the same name is kept as it is."""
        with self.lock:
            project = Project.create(self._tables, name, description)
            found_groups(project, self.directory, self.access)
            if not project.library.queues:
                project.library.put_queue(AgentQueue("Azure Pipelines"))
            self.build_identities.found(project)
            return project

    def delete_project(self, project: Project) -> None:
        """Nobody finds it any more and its name is free; its groups are gone, and what runs in it is canceled."""
        with self.lock:
            project.hide()
            self.directory.forget_project(project.id)
        for run in self.runs.runs():
            if run.order.pipeline.project == project.id:
                self.runs.cancel(run.id)

    def projects(self) -> list[Project]:
        return [Project(self._tables, one.id) for one in self._tables.projects.values() if not one.deleted]

    def project(self, name_or_id: str) -> Project | None:
        wanted = name_or_id.casefold()
        return next((one for one in self.projects() if wanted in (one.name.casefold(), one.id)), None)

    def git_url(self, repository: str, project: Project | None = None) -> str:
        return f"{self.collection_uri}{(project or self.home).name}/_git/{repository}"

    def queue_run(self, pipeline: Pipeline, branch: str, requested_for: Identity,
                  parameters: Mapping[str, object] | None = None, *, reason: str = "Manual",
                  pull_request: PullRequestFacts | None = None) -> Run | None:
        """Run `pipeline` for the newest commit of a branch, or of a full ref such as `refs/pull/1/merge`.

        KeyError where there is no such ref; None once the organisation has stopped.
        """
        ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
        commit = self.project_of(pipeline).repositories[pipeline.repository].refs()[ref]
        return self.runs.queue(RunOrder(pipeline, ref, commit, reason, requested_for, parameters=parameters or {},
                                        pull_request=pull_request))

    def pushed(self, project: Project, push: Push) -> None:
        """Start what a push to a repository of `project` triggers."""
        repository = project.repositories[push.repository]
        orders = orders_for(push, repository, project.library.of_repository(push.repository))
        self.on_push(push, orders)
        for order in orders:
            self.runs.queue(order)

    def close(self) -> None:
        """Cancel what runs, and let go of the storage."""
        self.runs.stop()
        self.storage.close()

    def project_of(self, pipeline: Pipeline) -> Project:
        return Project(self._tables, pipeline.project)

    def resource(self, project: Project, kind: str, name: str) -> Resource | None:
        """What a pipeline of `project` means by `name`: a repository may be that of another project."""
        if kind == "repository":
            owner_name, _, short = name.rpartition("/")
            owner = self.project(owner_name) if owner_name else project
            return owner.repository_resource(short) if owner and short in owner.repositories else None
        if kind == "endpoint":
            return self.endpoints.resource(project.id, name)
        return project.library.resource(kind, name)
