"""The workspace's objects: the tree on disk, their ids, and who may do what with them."""
from __future__ import annotations

import itertools
from pathlib import Path

from sandbox.clock import Clock
from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.errors import no_permission
from sandbox.databricks.permissions.access import KINDS, Access, ObjectKey, ObjectKind
from sandbox.databricks.workspace_files.errors import no_path
from sandbox.databricks.workspace_files.paths import ROOT, ancestors, is_below, name_of, names_of, parent_of
from sandbox.databricks.workspace_files.tree import Entry, FileTree, Kind

REPOS, USER_FOLDERS, SHARED = "/Repos", "/Users", "/Shared"
PROTECTED = (ROOT, REPOS, USER_FOLDERS, SHARED)
CAN_READ, CAN_RUN, CAN_EDIT, CAN_MANAGE = "CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"
_NEEDED = {CAN_READ: "View", CAN_RUN: "Run", CAN_EDIT: "Edit", CAN_MANAGE: "Manage"}
_SEGMENTS = {Kind.DIRECTORY: "directories", Kind.NOTEBOOK: "notebooks", Kind.FILE: "files"}
_DIRECTORY = KINDS["directories"]


class WorkspaceFiles:
    """Every member sees `/`, `/Users`, `/Repos`, manages `/Shared` and the own home folder; the rest is granted.

    `git_folders` are the paths that are checkouts: they are objects of the kind `repos`.
    """

    def __init__(self, root: Path, clock: Clock, directory: Directory, access: Access) -> None:
        self.tree = FileTree(root, clock)
        self.git_folders: set[str] = set()
        self._directory = directory
        self._access = access
        self._ids: dict[tuple[str, str], int] = {}
        self._places: dict[ObjectKey, str] = {}
        self._numbers = itertools.count(3_000_000_000_000_001, 104_729)
        access.parents = self._parents
        for path in PROTECTED:
            self.tree.make_directory(path)
        self.object_id(self._base(ROOT), 0)
        self.object_id(self._base(SHARED))
        access.add_object(_DIRECTORY, str(self.object_id(self._base(SHARED))),
                          directory.find(PrincipalKind.GROUP, USERS))

    def find(self, path: str) -> Entry | None:
        self._make_home(path)
        return self.tree.find(path)

    def entry(self, path: str, principal: Principal, needed: str = CAN_READ) -> Entry:
        """The object, if the principal has `needed` on it; what one may not even see does not exist for one."""
        found = self.find(path)
        level = self.level(path, principal)
        if found is None or level < 0:
            raise no_path(path)
        if level < _DIRECTORY.rank(needed):
            raise no_permission(principal.name, _NEEDED[needed], path)
        return found

    def check_folder(self, path: str, principal: Principal) -> None:
        """That the principal may put something new below `path`, whose nearest existing folder decides."""
        if not self.has_level(path, principal, CAN_MANAGE):
            raise no_permission(principal.name, _NEEDED[CAN_MANAGE], path)

    def has_level(self, path: str, principal: Principal, needed: str) -> bool:
        return self.level(path, principal) >= _DIRECTORY.rank(needed)

    def level(self, path: str, principal: Principal) -> int:
        """Rank of the principal's strongest level on the object at `path`; of a missing one, on where it would lie."""
        found = self.find(path)
        while found is None:
            path = parent_of(path)
            found = self.find(path)
        level = self._access.level(self.kind_of(found), str(self.object_id(found)), principal)
        return max(level, 0) if path in PROTECTED else level

    def kind_of(self, entry: Entry) -> ObjectKind:
        return KINDS["repos" if entry.path in self.git_folders else _SEGMENTS[entry.kind]]

    def object_id(self, entry: Entry, number: int | None = None) -> int:
        """The object's id; one that was not there before is known to the Permissions API from now on."""
        kind = self.kind_of(entry)
        key = (kind.segment, entry.path)
        if key not in self._ids:
            self._ids[key] = next(self._numbers) if number is None else number
            self._places[kind.segment, str(self._ids[key])] = entry.path
            self._access.add_object(kind, str(self._ids[key]), None)
        return self._ids[key]

    def own(self, entry: Entry, creator: Principal) -> None:
        """A new object belongs to who made it."""
        self._access.add_object(self.kind_of(entry), str(self.object_id(entry)), creator)

    def make_folders(self, path: str, creator: Principal) -> None:
        """Make `path` and what is missing above it; each new folder belongs to `creator`."""
        missing = [folder for folder in (path, *ancestors(path)) if self.tree.find(folder) is None]
        for folder in reversed(missing):
            self.tree.make_directory(folder)
            self.own(self._base(folder), creator)

    def give(self, path: str, manager: Principal) -> None:
        """Make the folder if it is not there, and give it to `manager` alone."""
        self.make_folders(path, manager)
        self.own(self._base(path), manager)

    def forget(self, path: str) -> None:
        """The object at `path` and all below are gone: so are their ids and rights."""
        self.git_folders = {folder for folder in self.git_folders if folder != path and not is_below(folder, path)}
        for key, place in [*self._places.items()]:
            if place == path or is_below(place, path):
                del self._places[key]
                del self._ids[key[0], place]
                self._access.remove_object(KINDS[key[0]], key[1])

    def is_own_home(self, path: str, principal: Principal) -> bool:
        return parent_of(path) in {USER_FOLDERS, REPOS} and name_of(path).lower() == principal.name.lower()

    def _parents(self, key: ObjectKey) -> list[ObjectKey]:
        above = [self._base(folder) for folder in ancestors(self._places[key])] if key in self._places else []
        return [(self.kind_of(folder).segment, str(self.object_id(folder))) for folder in above]

    def _base(self, path: str) -> Entry:
        return Entry(path, self.tree.disk(path), Kind.DIRECTORY)

    def _make_home(self, path: str) -> None:
        """The home folder of a member is there from the start."""
        home = "/" + "/".join(names_of(path)[:2])
        if parent_of(home) != USER_FOLDERS or self.tree.find(home) is not None:
            return
        member = (self._directory.find(PrincipalKind.USER, name_of(home))
                  or self._directory.find(PrincipalKind.SERVICE_PRINCIPAL, name_of(home)))
        if member is not None and member.name == name_of(home):
            self.make_folders(home, member)
