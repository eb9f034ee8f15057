"""The repositories that the pipelines of a project can name, and what whoever names another one is told."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project, RepositoryRecord
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.namespaces import GIT, PROJECT, project_token, repository_token
from sandbox.pipelines.repositories import Repositories


@dataclass(frozen=True)
class VisibleRepositories:
    """What `member`, the identity of the run, reads. Its pipeline is one of `project`."""

    project: Project
    pipeline: Pipeline
    member: Member
    access: AccessLists

    def of(self, projects: Sequence[Project]) -> Repositories:
        """Those of its own project have their bare names, those of others are called `project/name`."""
        known = Repositories(exact=True)
        for owner in projects:
            for record in owner.repositories.records():
                self._add(known, owner, record)
        return known

    def _add(self, known: Repositories, owner: Project, record: RepositoryRecord) -> None:
        own, full = owner.id == self.project.id, f"{owner.name}/{record.name}"
        is_self = own and not record.disabled and record.name.casefold() == self.pipeline.repository.casefold()
        reason = "" if is_self else self._refusal(owner, record)
        if not reason:
            known.add_git(record.name if own else full, owner.repositories.at(record).path, also=full if own else "")
            return
        for name in [record.name, full] if own else [full]:
            known.refuse(name, reason)

    def _refusal(self, owner: Project, record: RepositoryRecord) -> str:
        allows: Callable[..., bool] = self.access.allows
        if record.disabled or not (allows(PROJECT, project_token(owner.id), self.member, "GENERIC_READ") and
                                   allows(GIT, repository_token(owner.id, record.id), self.member, "GenericRead")):
            # Seen in `Azure/azure-pipelines-tasks` #19652.
            return (f"The pipeline is not valid. The repository {record.name} in project {owner.id} could not be "
                    "retrieved. Verify the name and credentials being used.")
        resource = owner.repository_resource(record.name)
        protected = self.project.record.settings.enforceReferencedRepoScopedToken
        permissions = self.project.library.permissions
        if protected and not permissions.allows(self.project.id, resource, self.pipeline.id):
            return (f"The pipeline is not valid. Repository {owner.name}/{record.name} could not be found. The "
                    "repository does not exist or has not been authorized for use. For authorization details, refer "
                    "to https://aka.ms/yamlauthz.")
        return ""
