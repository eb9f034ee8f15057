"""One checkout: git's own folder lies apart from the work tree, so that the workspace shows the files alone."""
from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.databricks.errors import ApiError
from sandbox.databricks.repos.errors import conflict, invalid_credentials, remote_error, unknown_branch, unknown_tag
from sandbox.databricks.repos.git import GitFailedError, run_git
from sandbox.databricks.repos.git_folder import Switch

_REFUSED_LOGIN = ("Authentication failed", "could not read Username", "could not read Password", "error: 401",
                  "error: 403")
_OVERWRITTEN = "would be overwritten"
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_BRANCHES, _TAGS = "refs/remotes/origin/", "refs/tags/"


@dataclass(frozen=True)
class Checkout:
    """Raises the service's errors. One operation at a time: the caller holds the Git folder's lock.

    HEAD is always detached; which branch it is meant to be, the Git folder knows. A branch of ours could stand in the
    way of one that the remote makes later: `a` and then `a/b`.
    """

    git_folder: Path
    work_tree: Path
    url: str

    def create(self, authorization: str, sparse: Sequence[str] | None = None) -> str:
        """Clone, with the remote's default branch checked out; returns that branch."""
        self.work_tree.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet")
        branch = self._default_branch(authorization)
        self.fetch(authorization)
        if sparse is not None:
            self.set_sparse(sparse)
        if self._has(_BRANCHES + branch):
            self._detach(_BRANCHES + branch)
        return branch

    def fetch(self, authorization: str) -> None:
        self._remote("fetch", "--quiet", "--prune", "--no-tags", self.url, f"+refs/heads/*:{_BRANCHES}*",
                     f"+{_TAGS}*:{_TAGS}*", authorization=authorization)

    def commit_of_branch(self, branch: str) -> str:
        if not self._has(_BRANCHES + branch):
            raise unknown_branch(branch)
        return self._git("rev-parse", _BRANCHES + branch)

    def commit_of_tag(self, tag: str) -> str:
        if not self._has(_TAGS + tag):
            raise unknown_tag(tag)
        return self._git("rev-parse", f"{_TAGS}{tag}^{{commit}}")

    def is_free_for(self, switch: Switch) -> bool:
        """Whether no local edit is in the way; False where only the switch itself can tell."""
        if switch.discards:
            return True
        trees = [head, switch.head] if (head := self.head()) else [switch.head]
        try:
            self._git("read-tree", "--dry-run", "-m", "-u", *trees)
        except GitFailedError:
            return False
        return True

    def carry_out(self, switch: Switch) -> None:
        """Local edits are kept where the switch does not touch them; where it does, nothing happens but an error."""
        if switch.discards:
            self.discard_all()
        if switch.sparse is not None:
            self.set_sparse(switch.sparse)
        self._detach(switch.head)

    def finish(self, before: str, switch: Switch) -> None:
        """Carry out a switch from the commit `before` that ended somewhere on its way, and nobody knows where.

        What the commits differ in had no local edits, or the switch would not have begun.
        """
        (self.git_folder / "index.lock").unlink(missing_ok=True)
        if switch.sparse is not None:
            self.set_sparse(switch.sparse)
        if switch.discards:
            self._git("reset", "--quiet", "--hard", switch.head)
            self.discard_all()
            return
        differing = self._names("diff-tree", "-r", "--name-only", "--no-renames", "-z", before or _EMPTY_TREE,
                                switch.head)
        self._git("reset", "--quiet", switch.head)
        for name in differing:
            self._unlink(name)
        missing = [name for name in self._names("ls-files", "--deleted", "-z") if name in differing]
        self._git("checkout-index", "--quiet", "--force", "-z", "--stdin", stdin="\0".join(missing))

    def discard_all(self) -> None:
        """Throw away every local edit and every file that git does not know."""
        if self.head():
            self._git("reset", "--quiet", "--hard")
        self._git("clean", "--quiet", "-ffd")

    def set_sparse(self, patterns: Sequence[str]) -> None:
        self._git("sparse-checkout", "set", "--cone", "--stdin", stdin="\n".join(patterns))

    def head(self) -> str:
        """The commit checked out; empty in a repository without commits."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except GitFailedError:
            return ""

    def _unlink(self, name: str) -> None:
        """Remove the file, and the folders that are empty without it, as git does."""
        file = self.work_tree / name
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            file.unlink()
        for folder in file.relative_to(self.work_tree).parents[:-1]:
            with suppress(OSError):
                (self.work_tree / folder).rmdir()

    def _names(self, *arguments: str) -> set[str]:
        return {name for name in self._git(*arguments).split("\0") if name}

    def _detach(self, ref: str) -> None:
        try:
            self._git("checkout", "--quiet", "--detach", ref, "--")
        except GitFailedError as error:
            if _OVERWRITTEN not in str(error):
                raise remote_error(str(error)) from error
            files = [line.strip() for line in str(error).splitlines() if line.startswith("\t")]
            raise conflict(", ".join(files)) from error

    def _has(self, ref: str) -> bool:
        """Exactly this name: no `^`, no abbreviation; what git could not even take as an argument is not there."""
        if not ref.isprintable():
            return False
        try:
            self._git("show-ref", "--verify", "--quiet", ref)
        except GitFailedError:
            return False
        return True

    def _default_branch(self, authorization: str) -> str:
        lines = self._remote("ls-remote", "--symref", self.url, "HEAD", authorization=authorization).splitlines()
        found = [line.removeprefix("ref: refs/heads/").partition("\t")[0] for line in lines if line.startswith("ref: ")]
        return found[0] if found else "main"

    def _remote(self, *arguments: str, authorization: str) -> str:
        try:
            return self._git(*arguments, authorization=authorization)
        except GitFailedError as error:
            raise _told(str(error)) from error

    def _git(self, *arguments: str, authorization: str = "", stdin: str = "") -> str:
        if not self.work_tree.is_dir():
            message = "the Git folder was deleted meanwhile"
            raise GitFailedError(message)
        return run_git(f"--git-dir={self.git_folder}", f"--work-tree={self.work_tree}", *arguments,
                       folder=self.work_tree, authorization=authorization, stdin=stdin)


def _told(words: str) -> ApiError:
    return invalid_credentials() if any(text in words for text in _REFUSED_LOGIN) else remote_error(words)
