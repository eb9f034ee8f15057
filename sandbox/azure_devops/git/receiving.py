"""What a push over git's protocol asks, read before git does, and the answers that git's hook gives.

git lets a hook named `proc-receive` accept or refuse each ref by itself and with its own words:
https://git-scm.com/docs/githooks#proc-receive. Everything is decided here and handed to the hook as files; only
whether a push rewrites history is left to it, because that needs the commits that come with the push.
"""
from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sandbox.azure_devops.git.ref_change import RefChange, Refusal

_HOOKS = Path(__file__).parent / "hooks"
_LINE_LIMIT = 65_520


@dataclass(frozen=True)
class Commands:
    changes: tuple[RefChange, ...]
    atomic: bool = False


@dataclass(frozen=True)
class Verdict:
    """`refusal` holds always; `if_rewritten` where the new commit does not stand on the old one."""

    change: RefChange
    refusal: Refusal | None = None
    if_rewritten: Refusal | None = None


def read_commands(body: IO[bytes], encoding: str) -> Commands:
    """The changes that a request to `git-receive-pack` begins with; `body` is left at its start."""
    body.seek(0)
    stream: IO[bytes] = gzip.GzipFile(fileobj=body) if encoding == "gzip" else body  # type: ignore[assignment]
    lines = list(_pkt_lines(stream))
    body.seek(0)
    capabilities = lines[0].partition(b"\0")[2].split() if lines else []
    changes = (_change(line.partition(b"\0")[0]) for line in lines)
    return Commands(tuple(one for one in changes if one), b"atomic" in capabilities)


@contextmanager
def answering(verdicts: list[Verdict]) -> Iterator[dict[str, str]]:
    """Variables for git that make its hook give these verdicts."""
    with TemporaryDirectory(prefix="push-") as folder:
        _write(Path(folder), verdicts)
        settings = {"core.hooksPath": str(_HOOKS), "receive.procReceiveRefs": "refs"}
        yield {"BRICKLINE_VERDICTS": folder, **_git_settings(settings)}


def together(verdicts: list[Verdict]) -> list[Verdict]:
    """Those of an atomic push: one refused ref refuses them all."""
    if not any(one.refusal for one in verdicts):
        return verdicts
    rest = Refusal("unprocessed", "atomic push failure")
    return [one if one.refusal else Verdict(one.change, rest) for one in verdicts]


def judged(commands: Commands, refusal: Callable[[RefChange], Refusal | None],
           rewrite_refusal: Callable[[RefChange], Refusal | None]) -> list[Verdict]:
    verdicts = [Verdict(change, refusal(change), rewrite_refusal(change) if change.moves and change.is_branch else None)
                for change in commands.changes]
    return together(verdicts) if commands.atomic else verdicts


def _write(folder: Path, verdicts: list[Verdict]) -> None:
    """`settled`: the beginning and the answers that are certain. `open`: a line for each that is not."""
    settled, undecided = [_pkt(b"version=1\n"), b"0000"], []
    for number, one in enumerate(verdicts):
        if one.refusal or one.if_rewritten is None:
            settled.append(_answer(one.change, one.refusal))
            continue
        (folder / f"{number}.ok").write_bytes(_answer(one.change, None))
        (folder / f"{number}.ng").write_bytes(_answer(one.change, one.if_rewritten))
        undecided.append(f"{number} {one.change.old} {one.change.new}\n")
    (folder / "settled").write_bytes(b"".join(settled))
    (folder / "open").write_text("".join(undecided), encoding="ascii")


def _answer(change: RefChange, refusal: Refusal | None) -> bytes:
    name = change.name.encode(errors="surrogateescape")
    if refusal:
        return _pkt(b"ng " + name + b" " + refusal.text.encode() + b"\n")
    return _pkt(b"ok " + name + b"\n") + _pkt(b"option fall-through\n")


def _change(line: bytes) -> RefChange | None:
    words = line.rstrip(b"\n").split(b" ", 2)
    if len(words) != 3 or len(words[0]) != 40:
        return None  # `shallow <commit>`
    return RefChange(words[2].decode(errors="surrogateescape"), words[0].decode(), words[1].decode())


def _pkt_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Up to the first flush: https://git-scm.com/docs/protocol-common#_pkt_line_format."""
    while True:
        head = stream.read(4)
        try:
            length = int(head, 16)
        except ValueError:
            return
        if not 4 < length <= _LINE_LIMIT:
            return
        yield stream.read(length - 4)


def _pkt(content: bytes) -> bytes:
    return f"{len(content) + 4:04x}".encode() + content


def _git_settings(settings: dict[str, str]) -> dict[str, str]:
    """https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT"""
    environ = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        environ |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environ
