"""Azure Repos of the organisation: its git repositories over git and REST, their pull requests and branch policies."""
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sandbox.azure_devops.git.git_service import GitService
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.push_log import PushLog
from sandbox.azure_devops.git.push_room import PushRoom
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.git.ref_records import RefRecords
from sandbox.azure_devops.git.ref_rules import RefRules
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.policies.policies import Policies
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.pull_requests.pull_requests import PullRequests, branch_of
from sandbox.azure_devops.pull_requests.threads import Threads

if TYPE_CHECKING:
    from sandbox.azure_devops.organisation_state import OrganisationState


class Repos:
    """`git` answers git's protocol, `room` is where refs move."""

    def __init__(self, organisation: OrganisationState) -> None:
        self._organisation = organisation
        self.records = RefRecords(organisation.storage)
        self.pushes = PushLog(organisation.storage)
        self.policies = Policies(organisation.storage)
        self.room = PushRoom(self.records, self.pushes, organisation.access, organisation.clock, self._told)
        self.threads = Threads(organisation.storage)
        self.pull_requests = PullRequests(organisation, self)
        self.git = GitService(organisation.accounts, organisation.directory, self.find, self.rules, self.room)

    def find(self, project_name: str, name: str) -> Hosted | None:
        """A repository by the names or ids of its project and of itself."""
        project = self._organisation.project(project_name)
        record = project.repositories.record(name) if project else None
        return Hosted(project, record, project.repositories.at(record)) if project and record else None

    def rules(self, hosted: Hosted, member: Member) -> RefRules:
        """What `member` may do to the refs of a repository."""
        return RefRules(hosted, member, self._organisation.access, self.records, partial(self._protects, hosted))

    def _protects(self, hosted: Hosted, ref: str) -> bool:
        return self.policies.protects(hosted.project.id, branch_of(hosted, ref))

    def _told(self, project: Project, push: Push) -> None:
        self._organisation.pushed(project, push)
        hosted = self.find(project.id, push.repository)
        if hosted:
            self.pull_requests.refresh(hosted)
