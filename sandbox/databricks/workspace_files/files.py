"""The workspace's objects: the tree on disk, their ids, and who may do what with them."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sandbox.clock import Clock
from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.errors import no_permission
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.access import KINDS, Access, ObjectKey, ObjectKind
from sandbox.databricks.workspace_files.errors import no_path
from sandbox.databricks.workspace_files.journal import Journal
from sandbox.databricks.workspace_files.objects import WorkspaceObject, WorkspaceObjects
from sandbox.databricks.workspace_files.paths import ROOT, ancestors, name_of, names_of, parent_of
from sandbox.databricks.workspace_files.tree import Entry, FileTree, Kind

REPOS, USER_FOLDERS, SHARED = "/Repos", "/Users", "/Shared"
PROTECTED = (ROOT, REPOS, USER_FOLDERS, SHARED)
CAN_READ, CAN_RUN, CAN_EDIT, CAN_MANAGE = "CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"
_NEEDED = {CAN_READ: "View", CAN_RUN: "Run", CAN_EDIT: "Edit", CAN_MANAGE: "Manage"}
_SEGMENTS = {Kind.DIRECTORY: "directories", Kind.NOTEBOOK: "notebooks", Kind.FILE: "files"}
_DIRECTORY = KINDS["directories"]


class WorkspaceFiles:
    """Every member sees `/`, `/Users`, `/Repos`, manages `/Shared` and the own home folder; the rest is granted.

    `git_folders` are the paths that are checkouts: they are objects of the kind `repos`. What is in `folder` was there
    before; ids and rights come from `memory`, whose lock every caller holds. `when_gone` is called with the path of
    each checkout that is forgotten.
    """

    def __init__(self, folder: Path, memory: Memory, clock: Clock, directory: Directory, access: Access) -> None:
        self.tree = FileTree(folder / "files", clock, Journal(folder / "journal", memory))
        self.git_folders: set[str] = set()
        self.when_gone: Callable[[str], None] = lambda path: None  # noqa: ARG005 - Git folders have more to take away
        self._clock = clock
        self._directory = directory
        self._access = access
        self._objects = WorkspaceObjects(memory)
        access.parents = self._parents
        with memory.lock:
            self._make_base()

    def _make_base(self) -> None:
        for path in PROTECTED:
            self.tree.make_directory(path)
        self._object(self._base(ROOT), 0)
        if self._objects.find(_DIRECTORY.segment, SHARED) is None:
            self._access.add_object(_DIRECTORY, str(self.object_id(self._base(SHARED))),
                                    self._directory.find(PrincipalKind.GROUP, USERS))

    def find(self, path: str) -> Entry | None:
        self._make_home(path)
        return self.tree.find(path)

    def entries(self, folder: Entry, principal: Principal) -> list[Entry]:
        """What lies in a folder and the principal has any right on, by name."""
        if folder.path == USER_FOLDERS:
            self._make_home(f"{USER_FOLDERS}/{principal.name}")
        identities = self._directory.identities_of(principal)
        return [entry for entry in self.tree.entries(folder.path) if self._level(entry, identities) >= 0]

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
        return self._level(found, self._directory.identities_of(principal))

    def granted_roots(self, principal: Principal) -> list[str] | None:
        """Folders and Git folders on which something was granted to the principal or a group it is in.

        Outside of them it has no right on any; None for admins, who have every right everywhere.
        """
        if self._directory.is_admin(principal):
            return None
        identities = self._directory.identities_of(principal)
        ids = {one for kind in (_DIRECTORY, KINDS["repos"]) for one in self._access.granted_to(kind, identities)}
        return [one.path for object_id in ids if (one := self._objects.by_id(object_id)) is not None]

    def kind_of(self, entry: Entry) -> ObjectKind:
        return KINDS["repos" if entry.path in self.git_folders else _SEGMENTS[entry.kind]]

    def object_id(self, entry: Entry) -> int:
        """The object's id; one that was not there before is known to the Permissions API from now on."""
        return self._object(entry).id

    def created(self, entry: Entry) -> float:
        """In seconds since 1970; of what git or a notebook wrote, when it was first looked at."""
        return self._object(entry).created

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
        for one in self._objects.at_or_below(path):
            self._forget(one)

    def forget_missing(self, folder: str) -> None:
        """As `forget`, of what no longer lies in `folder`: git may have taken it away."""
        for one in self._objects.at_or_below(folder):
            found = self.tree.find(one.path)
            if found is None or self.kind_of(found).segment != one.segment:
                self._forget(one)

    def is_own_home(self, path: str, principal: Principal) -> bool:
        return parent_of(path) in {USER_FOLDERS, REPOS} and name_of(path).lower() == principal.name.lower()

    def _forget(self, one: WorkspaceObject) -> None:
        if one.path in self.git_folders:
            self.git_folders.discard(one.path)
            self.when_gone(one.path)
        self._objects.remove(one)
        self._access.remove_object(KINDS[one.segment], str(one.id))

    def _level(self, entry: Entry, identities: list[Principal]) -> int:
        level = self._access.level_through(self.kind_of(entry), str(self.object_id(entry)), identities)
        return max(level, 0) if entry.path in PROTECTED else level

    def _object(self, entry: Entry, number: int | None = None) -> WorkspaceObject:
        kind = self.kind_of(entry)
        one = self._objects.find(kind.segment, entry.path)
        if one is None:
            one = self._objects.add(kind.segment, entry.path, self._clock.now(), number)
            self._access.add_object(kind, str(one.id), None)
        return one

    def _parents(self, key: ObjectKey) -> list[ObjectKey]:
        segment, object_id = key
        one = self._objects.by_id(object_id)
        above = [self._base(folder) for folder in ancestors(one.path)] if one and one.segment == segment else []
        return [(self.kind_of(folder).segment, str(self.object_id(folder))) for folder in above]

    def _base(self, path: str) -> Entry:
        return Entry(path, self.tree.disk(path), Kind.DIRECTORY)

    def _make_home(self, path: str) -> None:
        """The home folder of a member is there from the start."""
        home = "/" + "/".join(names_of(path)[:2])
        if parent_of(home) != USER_FOLDERS or self.tree.find(home) is not None:
            return
        member = self._directory.someone(name_of(home))
        if member is not None and member.name == name_of(home):
            self.make_folders(home, member)
