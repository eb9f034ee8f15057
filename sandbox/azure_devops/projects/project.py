"""One project of the organisation: its repositories, its library, its settings, and the groups of its people."""
from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.projects.project_library import Library
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.projects.settings import GeneralSettings
from sandbox.azure_devops.projects.shelves import Shelves
from sandbox.storage import Storage

_NAMESPACE = uuid.UUID("2b0c4f0e-8a5d-4f43-9a3b-5a1f0f7e9c55")


@dataclass(frozen=True)
class ProjectRecord:
    """`deleted`: it lies in the recycle bin, where nothing but its own runs finds it."""

    id: str
    name: str
    description: str = ""
    settings: GeneralSettings = field(default_factory=GeneralSettings)
    deleted: bool = False


@dataclass(frozen=True)
class RepositoryRecord:
    id: str
    project: str
    name: str
    disabled: bool = False


class ProjectTables:
    """What all projects of an organisation share: their tables, and the folder their repositories lie in."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.projects = storage.table("project", ProjectRecord)
        self.repositories = storage.table("repository", RepositoryRecord)
        self.repositories_by_project = self.repositories.index(lambda one: [one.project])
        self.repositories_by_name = self.repositories.index(lambda one: [f"{one.project}/{one.name.casefold()}"])
        self.shelves = Shelves(storage)
        self.folder = folder


class RepositoryNames(Mapping[str, BareRepository]):
    """The git repositories of one project by name; names fold case."""

    def __init__(self, tables: ProjectTables, project: str) -> None:
        self._tables = tables
        self._project = project

    def records(self) -> list[RepositoryRecord]:
        return self._tables.repositories_by_project.of(self._project)

    def record(self, name_or_id: str) -> RepositoryRecord | None:
        wanted = name_or_id.casefold()
        by_id = self._tables.repositories.get(wanted)
        if by_id and by_id.project == self._project:
            return by_id
        return self._tables.repositories_by_name.first(f"{self._project}/{wanted}")

    def at(self, record: RepositoryRecord) -> BareRepository:
        return BareRepository(record.name, self._tables.folder / f"{record.id}.git")

    def __getitem__(self, name: str) -> BareRepository:
        record = self.record(name)
        if record is None:
            raise KeyError(name)
        return self.at(record)

    def __iter__(self) -> Iterator[str]:
        return iter([one.name for one in self.records()])

    def __len__(self) -> int:
        return len(self.records())


class Project:
    """`library` and `repositories` are live views of the tables."""

    def __init__(self, tables: ProjectTables, project_id: str) -> None:
        self._tables = tables
        self.id = project_id
        self.library = Library(tables.shelves, project_id)
        self.repositories = RepositoryNames(tables, project_id)

    @classmethod
    def create(cls, tables: ProjectTables, name: str, description: str = "") -> Project:
        """Add a project; one of the same name is kept as it is."""
        known = next((one for one in tables.projects.values()
                      if one.name.casefold() == name.casefold() and not one.deleted), None)
        if known is None:
            number = str(uuid.uuid5(_NAMESPACE, name.casefold()))
            # That of one in the recycle bin: what was granted there must not count here.
            number = str(uuid.uuid4()) if number in tables.projects else number
            known = tables.projects[number] = ProjectRecord(number, name, description)
        return cls(tables, known.id)

    @property
    def record(self) -> ProjectRecord:
        return self._tables.projects[self.id]

    @property
    def name(self) -> str:
        return self.record.name

    def configure(self, settings: GeneralSettings) -> None:
        self._tables.projects[self.id] = replace(self.record, settings=settings)

    def hide(self) -> None:
        """Lay it into the recycle bin."""
        self._tables.projects[self.id] = replace(self.record, deleted=True)

    def create_repository(self, name: str) -> BareRepository:
        """An empty repository; one of the same name is kept as it is."""
        record = self.repositories.record(name)
        if record is None:
            made = str(uuid.uuid5(_NAMESPACE, f"{self.id}/{name.casefold()}"))
            if made in self._tables.repositories:  # that of a repository which was renamed
                made = str(uuid.uuid4())
            record = RepositoryRecord(made, self.id, name)
            # What a kill left of one that was never recorded, or no longer is.
            shutil.rmtree(self.repositories.at(record).path, ignore_errors=True)
            BareRepository.create(name, self.repositories.at(record).path)
            self.keep_repository(record)
        return self.repositories.at(record)

    def keep_repository(self, record: RepositoryRecord) -> None:
        self._tables.repositories[record.id] = record

    def remove_repository(self, record: RepositoryRecord) -> None:
        del self._tables.repositories[record.id]
        shutil.rmtree(self.repositories.at(record).path)

    def disable_repository(self, name: str, *, disabled: bool = True) -> None:
        record = self.repositories.record(name)
        if record is not None:
            self.keep_repository(replace(record, disabled=disabled))

    def repository_resource(self, name: str) -> Resource:
        """The repository `name` as a protected resource; KeyError where there is none."""
        record = self.repositories.record(name)
        if record is None:
            raise KeyError(name)
        return Resource("repository", f"{self.id}.{record.id}", record.name)
