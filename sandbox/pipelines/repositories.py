"""The repositories a pipeline can read: real git repositories, or plain folders that stand for one."""
from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sandbox.pipelines.nodes import PipelineError

NO_SHA = "0" * 40
_SHA = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"[^\s~^:?*\[\\]+")  # a name, never a revision expression
_SHOWN_REFS = 20


@dataclass(frozen=True)
class Commit:
    """One state of one repository. `ref` is a full ref; a commit named by its sha alone has the sha there too."""

    repository: str
    ref: str
    sha: str


class Repositories:
    """Repositories by name: `repo` or `project/repo`, in any case."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[str, Path]] = {}
        self._plain: dict[str, str] = {}
        self._read: dict[tuple[str, str, str], bytes | None] = {}

    def add_folder(self, name: str, folder: Path, *, ref: str = "refs/heads/main") -> None:
        """A folder as it is now, uncommitted files included; every ref names this state."""
        self._paths[name.casefold()] = (name, folder.resolve())
        self._plain[name.casefold()] = ref

    def add_git(self, name: str, folder: Path) -> None:
        """A bare repository or a work tree, of which only what is committed is read."""
        self._paths[name.casefold()] = (name, folder.resolve())
        self._plain.pop(name.casefold(), None)

    def names(self) -> list[str]:
        return [name for name, _ in self._paths.values()]

    def is_git(self, name: str) -> bool:
        return self._key(name) not in self._plain

    def path_of(self, name: str) -> Path:
        return self._paths[self._key(name)][1]

    def resolve(self, name: str, ref: str | None = None) -> Commit:
        """The commit `ref` names: a branch, a tag, a full ref or a sha; the default branch where it is None."""
        key = self._key(name)
        own_name, path = self._paths[key]
        if key in self._plain:
            found = _git(path, "rev-parse", "--verify", "--quiet", "HEAD") if (path / ".git").exists() else None
            return Commit(own_name, ref or self._plain[key], found.decode().strip() if found else NO_SHA)
        for candidate in _candidates(_default_ref(path) if ref is None else ref):
            sha = _git(path, "rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}")
            if sha:
                return Commit(own_name, candidate, sha.decode().strip())
        known = (_git(path, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags") or b"").decode().split()
        message = f"Repository {own_name!r} has no ref {ref!r}; it has {_listing(known)}"
        raise PipelineError(message)

    def read(self, commit: Commit, path: str) -> bytes | None:
        """The content of the file at `path` from the root, or None. Never reads outside the repository."""
        clean = str(PurePosixPath(path.lstrip("/")))
        if ".." in PurePosixPath(clean).parts:
            return None
        known = (commit.repository, commit.sha, clean)
        if known not in self._read:
            self._read[known] = self._content(commit, clean)
        return self._read[known]

    def _content(self, commit: Commit, path: str) -> bytes | None:
        key = self._key(commit.repository)
        folder = self._paths[key][1]
        if key in self._plain:
            file = (folder / path).resolve()
            return file.read_bytes() if file.is_relative_to(folder) and file.is_file() else None
        return _git(folder, "cat-file", "blob", f"{commit.sha}:{path}")

    def _key(self, name: str) -> str:
        wanted = name.casefold()
        if wanted in self._paths:
            return wanted
        same = [key for key in self._paths if key.rpartition("/")[2] == wanted.rpartition("/")[2]]
        same = [key for key in same if "/" not in key or "/" not in wanted]
        if len(same) == 1:
            return same[0]
        message = f"Repository {name!r} does not exist; there are {_listing(self.names())}"
        raise PipelineError(message)


def _default_ref(path: Path) -> str:
    head = _git(path, "symbolic-ref", "--quiet", "HEAD")
    return head.decode().strip() if head else "refs/heads/main"


def _candidates(ref: str) -> Sequence[str]:
    if not _REF.fullmatch(ref) or "@{" in ref:
        return ()
    if ref.startswith("refs/"):
        return (ref,)
    return (ref,) if _SHA.fullmatch(ref) else (f"refs/heads/{ref}", f"refs/tags/{ref}")


def _listing(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_SHOWN_REFS])
    more = len(names) - _SHOWN_REFS
    return (shown + (f" and {more} more" if more > 0 else "")) or "none"


def _git(path: Path, *arguments: str) -> bytes | None:
    """What git prints, or None where it fails: an absent ref or file is an answer, not an accident."""
    done = subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
