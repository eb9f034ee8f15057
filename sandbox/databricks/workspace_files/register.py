"""What a workspace knows of the objects in its tree besides what lies on disk: their ids, and who was granted what."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sandbox.clock import Clock
from sandbox.databricks.directory import Principal
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.access import KINDS, Access, ObjectKey, ObjectKind
from sandbox.databricks.workspace_files.objects import WorkspaceObject, WorkspaceObjects
from sandbox.databricks.workspace_files.paths import ancestors
from sandbox.databricks.workspace_files.tree import Entry, FileTree, Kind

DIRECTORY, EXPERIMENT = KINDS["directories"], KINDS["experiments"]
_SEGMENTS = {Kind.DIRECTORY: "directories", Kind.NOTEBOOK: "notebooks", Kind.FILE: "files",
             Kind.MLFLOW_EXPERIMENT: "experiments"}


class ExperimentPlaces(Protocol):
    """Where the experiments that are not deleted lie: objects of the tree of which nothing is on disk."""

    def id_at(self, path: str) -> str | None: ...

    def paths_in(self, folder: str) -> list[str]: ...

    def delete_at_or_below(self, path: str, now: float) -> None: ...


class NoExperiments:
    """Until somebody keeps experiments."""

    def id_at(self, path: str) -> str | None:  # noqa: ARG002 - there are none anywhere
        return None

    def paths_in(self, folder: str) -> list[str]:  # noqa: ARG002
        return []

    def delete_at_or_below(self, path: str, now: float) -> None:
        """There is nothing to delete."""


class ObjectRegister:
    """Who keeps `experiments` sets them; they are deleted with the folders they lie in.

    `git_folders` are the paths that are checkouts: they are objects of the kind `repos`.

    Ids of experiments and what was granted on them are kept with the experiments.
    """

    def __init__(self, memory: Memory, clock: Clock, tree: FileTree, access: Access) -> None:
        self.git_folders: set[str] = set()
        self.experiments: ExperimentPlaces = NoExperiments()
        self._clock = clock
        self._tree = tree
        self._access = access
        self._objects = WorkspaceObjects(memory)
        access.parents = self._parents

    def kind_of(self, entry: Entry) -> ObjectKind:
        return KINDS["repos" if entry.path in self.git_folders else _SEGMENTS[entry.kind]]

    def object_id(self, entry: Entry) -> int:
        """One that was not there before is known to the Permissions API from now on."""
        if entry.kind is not Kind.MLFLOW_EXPERIMENT:
            return self.known(entry).id
        found = self.experiments.id_at(entry.path)
        assert found is not None  # noqa: S101 - entries are made of those that are there
        return int(found)

    def known(self, entry: Entry, number: int | None = None) -> WorkspaceObject:
        """The record of what lies on disk, with `number` as its id; made when it is first asked for.

        So for what git or a notebook wrote that moment counts as its creation.
        """
        kind = self.kind_of(entry)
        one = self._objects.find(kind.segment, entry.path)
        if one is None:
            one = self._objects.add(kind.segment, entry.path, self._clock.now(), number)
            self._access.add_object(kind, str(one.id), None)
        return one

    def is_known(self, kind: ObjectKind, path: str) -> bool:
        return self._objects.find(kind.segment, path) is not None

    def by_id(self, object_id: str) -> WorkspaceObject | None:
        return self._objects.by_id(object_id)

    def own(self, entry: Entry, creator: Principal | None) -> None:
        self._access.add_object(self.kind_of(entry), str(self.object_id(entry)), creator)

    def level(self, entry: Entry, identities: list[Principal]) -> int:
        """Rank among the levels of a folder of the strongest one granted, there or above it; -1 for none."""
        kind, object_id = self.kind_of(entry), str(self.object_id(entry))
        level = self._access.level_through(kind, object_id, identities)
        return DIRECTORY.rank(list(EXPERIMENT.levels)[level]) if kind is EXPERIMENT and level >= 0 else level

    def granted_folders(self, identities: Iterable[Principal]) -> list[str]:
        """Paths of the folders and Git folders on which something was granted to one of these."""
        kinds = (DIRECTORY, KINDS["repos"])
        ids = {one for kind in kinds for one in self._access.granted_to(kind, identities)}
        return [one.path for object_id in ids if (one := self._objects.by_id(object_id)) is not None]

    def at_or_below(self, path: str) -> list[WorkspaceObject]:
        return self._objects.at_or_below(path)

    def forget(self, one: WorkspaceObject) -> None:
        self._objects.remove(one)
        self._access.remove_object(KINDS[one.segment], str(one.id))

    def _parents(self, key: ObjectKey) -> list[ObjectKey]:
        segment, object_id = key
        one = self._objects.by_id(object_id)
        above = [self._tree.folder(folder) for folder in ancestors(one.path)] if one and one.segment == segment else []
        return [(self.kind_of(folder).segment, str(self.object_id(folder))) for folder in above]
