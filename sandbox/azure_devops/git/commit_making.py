"""Makes commits without a work tree, through `git fast-import`: https://git-scm.com/docs/git-fast-import."""
from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import NO_COMMIT, BareRepository
from sandbox.azure_devops.git.commits import Signature
from sandbox.azure_devops.git.file_changes import Draft, FileChange
from sandbox.azure_devops.git.git_process import run_git
from sandbox.azure_devops.git.tree import entries


@dataclass(frozen=True)
class NewCommit:
    message: str
    changes: tuple[FileChange, ...]
    author: Signature
    committer: Signature


def make_commits(repository: BareRepository, base: str | None, commits: Sequence[NewCommit]) -> list[str]:
    """Ids of new commits, each on top of the one before, the first on `base`; no ref points to them yet.

    ChangeRefusedError where a change does not fit; then nothing is made.
    """
    # A ref that lives only as long as git reads the stream: fast-import makes no commit without one.
    ref = f"refs/sandbox/{uuid.uuid4()}"
    parts: list[bytes] = []
    draft = Draft(entries(repository, base, recursive=True) if base else ())
    for number, commit in enumerate(commits, 1):
        parts.append(_commit(ref, number, commit, base if number == 1 else None))
        draft.next_commit()
        for change in commit.changes:
            draft.apply(change)
            parts.append(_change(change, draft))
        parts.append(f"get-mark :{number}\n".encode())
    parts.append(f"reset {ref}\nfrom {NO_COMMIT}\n\n".encode())
    return run_git("fast-import", "--quiet", "--date-format=raw", folder=repository.path,
                   stdin=b"".join(parts)).decode().split()


def _commit(ref: str, number: int, commit: NewCommit, base: str | None) -> bytes:
    head = [f"commit {ref}\nmark :{number}\n", _signature("author", commit.author),
            _signature("committer", commit.committer)]
    parent = [f"from {base}\n".encode()] if base else []
    return b"".join(["".join(head).encode(), _data(commit.message.encode()), *parent])


def _change(change: FileChange, draft: Draft) -> bytes:
    path = _quoted(change.path)
    if "delete" in change.kinds:
        return f"D {path}\n".encode()
    moved = f"R {_quoted(change.source)} {path}\n".encode() if "rename" in change.kinds else b""
    if change.content is None:
        return moved
    return moved + f"M {draft.mode(change.path)} inline {path}\n".encode() + _data(change.content)


def _signature(role: str, who: Signature) -> str:
    return f"{role} {_plain(who.name)} <{_plain(who.email)}> {who.time} +0000\n"


def _plain(text: str) -> str:
    """What may stand in a line of a commit's head: anything else would end the name or the line."""
    return "".join(character for character in text if character not in "<>\n\r\0")


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
