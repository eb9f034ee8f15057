from __future__ import annotations

import gzip
import io

import pytest

from sandbox.azure_devops.git.receiving import Verdict, judged, read_commands, together
from sandbox.azure_devops.git.ref_change import RefChange, Refusal

OLD, NEW = "1" * 40, "2" * 40
MAIN, SIDE = RefChange("refs/heads/main", OLD, NEW), RefChange("refs/heads/ü", OLD, NEW)


def line(text: str) -> bytes:
    content = text.encode()
    return f"{len(content) + 4:04x}".encode() + content


BODY = (line(f"shallow {OLD}") + line(f"{OLD} {NEW} refs/heads/main\0report-status atomic agent=git/2.39.5")
        + line(f"{OLD} {NEW} refs/heads/ü\n") + b"0000PACK...")


@pytest.mark.parametrize(("body", "encoding"), [(BODY, ""), (gzip.compress(BODY), "gzip")], ids=["plain", "zipped"])
def test_changes_are_read_and_the_body_is_left_at_its_start(body: bytes, encoding: str) -> None:
    stream = io.BytesIO(body)
    assert read_commands(stream, encoding).changes == (MAIN, SIDE)
    assert stream.tell() == 0


@pytest.mark.parametrize("body", [b"", b"0000", b"zzzz", b"0004", b"fff"],
                         ids=["nothing", "flush", "no pkt", "empty", "cut"])
def test_body_without_changes_has_none(body: bytes) -> None:
    assert read_commands(io.BytesIO(body), "").changes == ()


def test_atomic_push_is_told_by_its_first_line() -> None:
    first = line(f"{OLD} {NEW} refs/heads/main\0report-status atomic") + b"0000"
    assert read_commands(io.BytesIO(first), "").atomic
    assert not read_commands(io.BytesIO(first.replace(b"atomic", b"agentx")), "").atomic


def test_one_refused_ref_refuses_an_atomic_push() -> None:
    refusal = Refusal("locked", "why")
    said = together([Verdict(MAIN, refusal), Verdict(SIDE)])
    assert [one.refusal and one.refusal.text for one in said] == ["why", "atomic push failure"]


def test_only_a_moved_branch_can_leave_its_history() -> None:
    commands = read_commands(io.BytesIO(line(f"{OLD} {NEW} refs/heads/main") + line(f"{OLD} {NEW} refs/tags/v1")
                                        + line(f"{'0' * 40} {NEW} refs/heads/new") + b"0000"), "")
    said = judged(commands, lambda _: None, lambda _: Refusal("forcePushRequired", "no"))
    assert [one.if_rewritten is not None for one in said] == [True, False, False]
