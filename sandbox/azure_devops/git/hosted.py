"""A git repository together with what the organisation knows of it."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.projects.project import Project, RepositoryRecord
from sandbox.azure_devops.security.namespaces import repository_token


@dataclass(frozen=True)
class Hosted:
    project: Project
    record: RepositoryRecord
    git: BareRepository

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def name(self) -> str:
        return self.record.name

    def token(self, ref: str = "") -> str:
        """What its permissions, or those of one of its refs, hang on."""
        return repository_token(self.project.id, self.id, ref)
