"""A bare git repository of the organisation: its refs, what a push changed, and files committed without a work tree."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.azure_devops.git.git_process import run_git

NO_COMMIT = "0" * 40
_REPOSITORY_SETTINGS = {
    "http.receivepack": "true",
    "core.logAllRefUpdates": "true",
    # Runs fetch a commit by its id, which may no longer be the tip of a branch.
    "uploadpack.allowAnySHA1InWant": "true",
    "gc.auto": "0",
}


@dataclass(frozen=True)
class File:
    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class Author:
    name: str
    email: str


@dataclass(frozen=True)
class BareRepository:
    name: str
    path: Path

    @classmethod
    def create(cls, name: str, path: Path, *, default_branch: str = "main") -> BareRepository:
        """Create the repository at `path`; one that is there already is kept."""
        if not (path / "HEAD").exists():
            path.mkdir(parents=True, exist_ok=True)
            run_git("init", "--quiet", "--bare", ".", folder=path)
            (path / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n", encoding="utf-8")
            lines = "".join(_setting(key, value) for key, value in _REPOSITORY_SETTINGS.items())
            with (path / "config").open("a", encoding="utf-8") as config:
                config.write(lines)
        return cls(name, path)

    def refs(self) -> dict[str, str]:
        """Branches and tags with the commit each points to (a tag object counts as its commit)."""
        listed = run_git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", folder=self.path)
        # git takes any bytes as a name; what is no UTF-8 must not break the push of what is.
        rows = (line.split(" ") for line in listed.decode(errors="surrogateescape").split("\n") if line)
        return {name: peeled or direct for name, direct, peeled in rows}

    def changed_paths(self, old: str, new: str, *, known: Collection[str]) -> list[str]:
        """Paths that differ between two tips; for a new branch, those its commits touch that no ref in `known` held.

        The service starts a pipeline with a path filter for a new branch "only if the new branch has changes to
        files that match": https://learn.microsoft.com/azure/devops/pipelines/repos/azure-repos-git.
        """
        if old != NO_COMMIT:
            listed = run_git("diff", "--name-only", "--no-renames", "-z", old, new, folder=self.path)
        else:
            listed = run_git("log", "--first-parent", "-m", "--root", "--name-only", "--no-renames", "-z", "--format=",
                             new, "--not", *known, "--", folder=self.path)
        return sorted({path.decode(errors="surrogateescape") for path in listed.split(b"\0") if path})

    def messages(self, new: str, *, known: Collection[str]) -> list[str]:
        """Messages of the commits that reach `new` and that no ref in `known` held, newest first."""
        listed = run_git("log", "-z", "--format=%B", new, "--not", *known, "--", folder=self.path)
        return [message for message in listed.decode(errors="replace").split("\0") if message]

    def read(self, commit: str, path: str) -> bytes | None:
        """The file at `path` in `commit`, or None where there is none."""
        listed = run_git("ls-tree", "-z", commit, "--", path, folder=self.path)
        _, kind, name = listed.partition(b"\t")[0].decode().split(" ") if listed else ("", "", "")
        return run_git("cat-file", "blob", name, folder=self.path) if kind == "blob" else None

    def tree(self, commit: str) -> str:
        return run_git("rev-parse", f"{commit}^{{tree}}", folder=self.path).decode().strip()

    def commit_files(self, ref: str, files: Mapping[str, File], *, message: str, author: Author) -> str:
        """Commit exactly `files` on top of the branch `ref` (created if absent); returns the commit."""
        run_git("fast-import", "--quiet", "--date-format=now", folder=self.path,
                stdin=_import_stream(ref, self.refs().get(ref), files, message=message, author=author))
        return self.refs()[ref]

    def point(self, ref: str, commit: str) -> None:
        """Let `ref` point to `commit`, wherever it pointed before."""
        run_git("update-ref", ref, commit, folder=self.path)


def _setting(key: str, value: str) -> str:
    section, name = key.split(".")
    return f"[{section}]\n\t{name} = {value}\n"


def _import_stream(ref: str, parent: str | None, files: Mapping[str, File], *, message: str, author: Author) -> bytes:
    name = ref.encode(errors="surrogateescape")
    head = [b"commit " + name + f"\ncommitter {author.name} <{author.email}> now\n".encode(), _data(message.encode())]
    if parent:
        head.append(f"from {parent}\n".encode())
    return b"".join([*head, b"deleteall\n", *(_file(path, file) for path, file in sorted(files.items()))])


def _file(path: str, file: File) -> bytes:
    mode = "100755" if file.executable else "100644"
    return f"M {mode} inline {_quoted(path)}\n".encode() + _data(file.content)


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
