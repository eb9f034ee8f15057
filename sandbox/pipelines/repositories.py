"""The repositories a pipeline can read: real git repositories, or plain folders that stand for one."""
from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sandbox.pipelines.nodes import PipelineError

NO_SHA = "0" * 40
_DEFAULT_REF = "refs/heads/main"
_SHA = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"[^\s~^:?*\[\\]+")  # a name, never a revision expression
_SHOWN_REFS = 20


@dataclass(frozen=True)
class Commit:
    """One state of one repository. `ref` is a full ref; a commit named by its sha alone has the sha there too."""

    repository: str
    ref: str
    sha: str


@dataclass(frozen=True)
class _Folder:
    """A plain folder: what a repository holds at `ref`, or at every ref where that is None."""

    path: Path
    ref: str | None

    def stands_for(self, ref: str | None) -> bool:
        return self.ref is None or bool(set(_candidates(self.ref)) & set(_candidates(ref or _DEFAULT_REF)))


class Repositories:
    """Repositories by name: `repo` or `project/repo`, in any case.

    Unless `exact`, a repository that is known by one of these forms only is found by the other, too.
    """

    def __init__(self, *, exact: bool = False) -> None:
        self._exact = exact
        self._names: dict[str, str] = {}
        self._other_names: dict[str, str] = {}
        self._refusals: dict[str, str] = {}
        self._git: dict[str, Path] = {}
        self._folders: dict[str, list[_Folder]] = {}

    def add_folder(self, name: str, folder: Path, *, ref: str | None = None) -> None:
        """A folder as it is now, uncommitted files included. With `ref` it is that state only; others may be added."""
        self._names[name.casefold()] = name
        others = [known for known in self._folders.get(name.casefold(), []) if known.ref != ref]
        self._folders[name.casefold()] = [*others, _Folder(folder.resolve(), ref)]
        self._git.pop(name.casefold(), None)

    def add_git(self, name: str, folder: Path, *, also: str = "") -> None:
        """A bare repository or a work tree, of which only what is committed is read; `also` is another name for it."""
        if also:
            self._other_names[also.casefold()] = name.casefold()
        self._names[name.casefold()] = name
        self._git[name.casefold()] = folder.resolve()
        self._folders.pop(name.casefold(), None)

    def refuse(self, name: str, reason: str) -> None:
        """A repository no pipeline may name: whoever does reads `reason`."""
        self._refusals[name.casefold()] = reason

    def check(self, name: str) -> None:
        """Raise PipelineError for a repository that is refused, and where names are exact, for one nobody has."""
        if reason := self._refusals.get(name.casefold()):
            raise PipelineError(reason)
        if self._exact:
            self._key(name)

    def names(self) -> list[str]:
        return list(self._names.values())

    def is_git(self, name: str) -> bool:
        return self._key(name) in self._git

    def path_of(self, name: str, ref: str | None = None) -> Path:
        """Where the repository lies; of several plain folders, the one that stands for `ref`."""
        key = self._key(name)
        if key in self._git:
            return self._git[key]
        folders = self._folders[key]
        return next((folder for folder in folders if ref and folder.stands_for(ref)), folders[0]).path

    def resolve(self, name: str, ref: str | None = None) -> Commit:
        """The commit `ref` names: a branch, a tag, a full ref or a sha; the default branch where it is None."""
        key = self._key(name)
        found = self._resolved_git(key, ref) if key in self._git else self._resolved_folder(key, ref)
        if found is not None:
            return found
        known = _listing(self._refs(key))
        message = f"Repository {self._names[key]!r} has no ref {ref or _DEFAULT_REF!r}; it has {known}"
        raise PipelineError(message)

    def read(self, commit: Commit, path: str) -> bytes | None:
        """The content of the file at `path` from the root, or None. Never reads outside the repository."""
        clean = PurePosixPath(path.lstrip("/"))
        if ".." in clean.parts:
            return None
        key = self._key(commit.repository)
        folder = self.path_of(key, commit.ref)
        if key in self._folders:
            file = (folder / clean).resolve()
            return file.read_bytes() if file.is_relative_to(folder) and file.is_file() else None
        return _git(folder, "cat-file", "blob", f"{commit.sha}:{clean}")

    def _resolved_git(self, key: str, ref: str | None) -> Commit | None:
        path = self._git[key]
        for candidate in _candidates(_default_ref(path) if ref is None else ref):
            sha = _git(path, "rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}")
            if sha:
                return Commit(self._names[key], candidate, sha.decode().strip())
        return None

    def _resolved_folder(self, key: str, ref: str | None) -> Commit | None:
        folders = self._folders[key]
        folder = next((folder for folder in folders if ref is None or folder.stands_for(ref)), None)
        if folder is None:
            return None
        sha = _git(folder.path, "rev-parse", "--verify", "--quiet", "HEAD")
        return Commit(self._names[key], ref or folder.ref or _DEFAULT_REF, sha.decode().strip() if sha else NO_SHA)

    def _refs(self, key: str) -> list[str]:
        if key in self._folders:
            return [folder.ref for folder in self._folders[key] if folder.ref]
        listed = _git(self._git[key], "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags")
        return (listed or b"").decode(errors="backslashreplace").split()

    def _key(self, name: str) -> str:
        wanted = self._other_names.get(name.casefold(), name.casefold())
        if wanted in self._names:
            return wanted
        same = [key for key in self._names if key.rpartition("/")[2] == wanted.rpartition("/")[2]]
        same = [key for key in same if "/" not in key or "/" not in wanted]
        if len(same) == 1 and not self._exact:
            return same[0]
        message = f"Repository {name!r} does not exist; there are {_listing(self.names())}"
        raise PipelineError(message)


def _default_ref(path: Path) -> str:
    head = _git(path, "symbolic-ref", "--quiet", "HEAD")
    return head.decode().strip() if head else _DEFAULT_REF


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
    git_dir = path / ".git" if (path / ".git").exists() else path  # never the repository of a folder above
    if git_dir == path and not (path / "HEAD").is_file():
        return None
    done = subprocess.run(["git", f"--git-dir={git_dir}", *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
