"""The workspace's objects: the tree on disk and the experiments in it, and who may do what with them."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sandbox.clock import Clock
from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.errors import no_permission
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.access import Access
from sandbox.databricks.workspace_files.errors import no_path
from sandbox.databricks.workspace_files.journal import Journal
from sandbox.databricks.workspace_files.objects import WorkspaceObject
from sandbox.databricks.workspace_files.paths import ROOT, ancestors, name_of, names_of, parent_of
from sandbox.databricks.workspace_files.register import DIRECTORY, ObjectRegister
from sandbox.databricks.workspace_files.tree import Entry, FileTree, Kind

REPOS, USER_FOLDERS, SHARED = "/Repos", "/Users", "/Shared"
PROTECTED = (ROOT, REPOS, USER_FOLDERS, SHARED)
CAN_READ, CAN_RUN, CAN_EDIT, CAN_MANAGE = "CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"
_NEEDED = {CAN_READ: "View", CAN_RUN: "Run", CAN_EDIT: "Edit", CAN_MANAGE: "Manage"}


class WorkspaceFiles:
    """Every member sees `/`, `/Users`, `/Repos`, manages `/Shared` and the own home folder; the rest is granted.

    What is in `folder` was there before; ids and rights come from `memory`, whose lock every caller holds. `when_gone`
    is called with the path of each checkout that is forgotten.
    """

    def __init__(self, folder: Path, memory: Memory, clock: Clock, directory: Directory, access: Access) -> None:
        self.tree = FileTree(folder / "files", clock, Journal(folder / "journal", memory))
        self.when_gone: Callable[[str], None] = lambda path: None  # noqa: ARG005 - Git folders have more to take away
        self._clock = clock
        self._directory = directory
        self.register = ObjectRegister(memory, clock, self.tree, access)
        self.git_folders = self.register.git_folders
        with memory.lock:
            self._make_base()

    def _make_base(self) -> None:
        for path in PROTECTED:
            self.tree.make_directory(path)
        self.register.known(self.tree.folder(ROOT), 0)
        if not self.register.is_known(DIRECTORY, SHARED):
            self.register.own(self.tree.folder(SHARED), self._directory.find(PrincipalKind.GROUP, USERS))

    def find(self, path: str) -> Entry | None:
        self._make_home(path)
        return self.tree.find(path) or self._experiment(path)

    def contents(self, folder: str) -> list[Entry]:
        """What lies directly in a folder, by path, whoever may see it."""
        found = {path: self._experiment(path) for path in self.register.experiments.paths_in(folder)}
        found |= {entry.path: entry for entry in self.tree.entries(folder)}
        return [entry for path in sorted(found) if (entry := found[path]) is not None]

    def entries(self, folder: Entry, principal: Principal) -> list[Entry]:
        """What lies in a folder and the principal has any right on, by path."""
        if folder.path == USER_FOLDERS:
            self._make_home(f"{USER_FOLDERS}/{principal.name}")
        identities = self._directory.identities_of(principal)
        return [entry for entry in self.contents(folder.path) if self._level(entry, identities) >= 0]

    def entry(self, path: str, principal: Principal, needed: str = CAN_READ) -> Entry:
        """The object, if the principal has `needed` on it; what one may not even see does not exist for one."""
        found = self.find(path)
        level = self.level(path, principal)
        if found is None or level < 0:
            raise no_path(path)
        if level < DIRECTORY.rank(needed):
            raise no_permission(principal.name, _NEEDED[needed], path)
        return found

    def check_folder(self, path: str, principal: Principal) -> None:
        """That the principal may put something new below `path`, whose nearest existing folder decides."""
        if not self.has_level(path, principal, CAN_MANAGE):
            raise no_permission(principal.name, _NEEDED[CAN_MANAGE], path)

    def has_level(self, path: str, principal: Principal, needed: str) -> bool:
        return self.level(path, principal) >= DIRECTORY.rank(needed)

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
        return self.register.granted_folders(self._directory.identities_of(principal))

    def object_id(self, entry: Entry) -> int:
        """The object's id; one that was not there before is known to the Permissions API from now on."""
        return self.register.object_id(entry)

    def own(self, entry: Entry, creator: Principal) -> None:
        """A new object belongs to who made it."""
        self.register.own(entry, creator)

    def make_folders(self, path: str, creator: Principal) -> None:
        """Make `path` and what is missing above it; each new folder belongs to `creator`."""
        missing = [folder for folder in (path, *ancestors(path)) if self.tree.find(folder) is None]
        for folder in reversed(missing):
            self.tree.make_directory(folder)
            self.own(self.tree.folder(folder), creator)

    def give(self, path: str, manager: Principal) -> None:
        """Make the folder if it is not there, and give it to `manager` alone."""
        self.make_folders(path, manager)
        self.own(self.tree.folder(path), manager)

    def remove(self, entry: Entry) -> None:
        """Remove an object with all below it."""
        if entry.kind is not Kind.MLFLOW_EXPERIMENT:
            self.tree.remove(entry)
        self.forget(entry.path)

    def forget(self, path: str) -> None:
        """The object at `path` and all below are gone: so are their ids and rights. Experiments become deleted ones."""
        self.register.experiments.delete_at_or_below(path, self._clock.now())
        for one in self.register.at_or_below(path):
            self._forget(one)

    def forget_missing(self, folder: str) -> None:
        """As `forget`, of what no longer lies in `folder`: git may have taken it away."""
        for one in self.register.at_or_below(folder):
            found = self.tree.find(one.path)
            if found is None or self.register.kind_of(found).segment != one.segment:
                self._forget(one)

    def is_own_home(self, path: str, principal: Principal) -> bool:
        return parent_of(path) in {USER_FOLDERS, REPOS} and name_of(path).lower() == principal.name.lower()

    def _forget(self, one: WorkspaceObject) -> None:
        if one.path in self.git_folders:
            self.git_folders.discard(one.path)
            self.when_gone(one.path)
        self.register.forget(one)

    def _level(self, entry: Entry, identities: list[Principal]) -> int:
        level = self.register.level(entry, identities)
        if entry.kind is Kind.MLFLOW_EXPERIMENT:
            return max(level, self._level(self.tree.folder(parent_of(entry.path)), identities))
        return max(level, 0) if entry.path in PROTECTED else level

    def _experiment(self, path: str) -> Entry | None:
        if self.register.experiments.id_at(path) is None:
            return None
        return Entry(path, self.tree.disk(path), Kind.MLFLOW_EXPERIMENT)

    def _make_home(self, path: str) -> None:
        """The home folder of a member is there from the start."""
        home = "/" + "/".join(names_of(path)[:2])
        if parent_of(home) != USER_FOLDERS or self.tree.find(home) is not None:
            return
        member = self._directory.someone(name_of(home))
        if member is not None and member.name == name_of(home):
            self.make_folders(home, member)
