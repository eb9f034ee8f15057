"""Brings a Git folder to the commit of the run: created, signed in, switched, and looked at until it shows it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from steps.lib import agent
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import DatabricksError, PermissionDenied, ResourceConflict, ResourceDoesNotExist
from steps.lib.errors import InputError
from steps.lib.repos.git_credential import PROVIDER, CredentialChange, Login, renewed
from steps.lib.repos.git_folder import REPOS, STATUS, GitFolder, find, read
from steps.lib.repos.refusals import Wanted, explained, hidden, no_folder, not_shown, overtaken
from steps.lib.repos.remote import same_repository
from steps.lib.waiting import Waiting

MKDIRS = "/api/2.0/workspace/mkdirs"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Plan:
    """`present` is None where the Git folder has to be created."""

    wanted: Wanted
    present: GitFolder | None
    credential: CredentialChange | None

    @property
    def is_done(self) -> bool:
        return self.present is not None and self.present.shows(self.wanted.ref, self.wanted.commit)

    @property
    def count(self) -> int:
        return 0 if self.is_done else 1 + (self.credential is not None)

    @property
    def lines(self) -> list[str]:
        wanted, target = self.wanted, f"{self.wanted.ref} at {self.wanted.commit[:12]}"
        if self.is_done:
            return [f"unchanged: Git folder {wanted.path!r} ({target})"]
        first = [self.credential.line] if self.credential else []
        if self.present is None:
            return [*first, f"create: Git folder {wanted.path!r} of {wanted.url}", f"  {target}"]
        return [*first, f"edit: Git folder {wanted.path!r}", f"  {self.present.at} -> {target}"]


def checked(present: GitFolder | None, wanted: Wanted) -> GitFolder | None:
    """`present`; an InputError where it is linked to another repository: what lies in it is somebody's."""
    if present is None or same_repository(present.url, wanted.url):
        return present
    message = (f"Git folder {wanted.path!r}: it is linked to {present.url!r}, expected {wanted.url!r}; let its owner "
               "rename or delete it")
    raise InputError([message])


class Checkout:
    """Applies one plan. `login` is what a refused credential is renewed with."""

    def __init__(self, databricks: Databricks, plan: Plan, login: Login | None, waiting: Waiting) -> None:
        self._databricks = databricks
        self._wanted = plan.wanted
        self._plan = plan
        self._login = login
        self._waiting = waiting

    def run(self) -> GitFolder:
        """The Git folder at the commit of the run; every other end is an error."""
        if self._plan.credential:
            self._plan.credential.apply(self._databricks)
        folder = self._plan.present or self._signed_in(self._create)
        if folder.shows(self._wanted.ref, self._wanted.commit):
            return folder
        ref = self._wanted.ref
        agent.info(f"check out {ref} in {folder.path}, in {self._databricks.host}")
        body = {ref.kind: ref.name}
        self._signed_in(lambda: self._databricks.patch(f"{REPOS}/{folder.id}", body, repeatable=True))
        return self._settled(folder)

    def _settled(self, before: GitFolder) -> GitFolder:
        """Reads may lag behind: what was before is no answer yet, anything else is."""
        while True:
            folder = read(self._databricks, before.id)
            if folder.shows(self._wanted.ref, self._wanted.commit):
                return folder
            if folder.head not in (before.head, self._wanted.commit):
                raise overtaken(self._wanted, folder.head)
            if not self._waiting.pause():
                raise not_shown(self._wanted, folder.at, self._waiting.seconds)

    def _create(self) -> GitFolder:
        self._make_parent()
        agent.info(f"create Git folder {self._wanted.path} of {self._wanted.url}, in {self._databricks.host}")
        body = {"url": self._wanted.url, "provider": PROVIDER, "path": self._wanted.path}
        try:
            return GitFolder.of(self._databricks.post(REPOS, body, repeatable=True))
        except ResourceConflict as error:
            # After a lost reply it is ours; so it is when another run was faster.
            present = checked(find(self._databricks, self._wanted.path), self._wanted)
            if present is None:
                raise hidden(error, self._wanted) from error
            return present

    def _make_parent(self) -> None:
        parent = {"path": self._wanted.parent}
        try:
            self._databricks.get(STATUS, parent)
        except ResourceDoesNotExist:
            agent.info(f"create folder {self._wanted.parent}, in {self._databricks.host}")
            try:
                self._databricks.post(MKDIRS, parent, repeatable=True)
            except PermissionDenied as error:
                raise no_folder(error, self._wanted) from error

    def _signed_in(self, work: Callable[[], Answer]) -> Answer:
        """What `work` gives; a refused login is tried once more with the configured one, which may be newer."""
        try:
            try:
                return work()
            except PermissionDenied:
                if self._login is None:
                    raise
                renewed(self._databricks, self._login).apply(self._databricks)
                return work()
        except DatabricksError as error:
            raise explained(error, self._wanted) from error
