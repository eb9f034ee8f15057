"""What a notebook's process says and asks over its socket."""
from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.databricks.notebooks import conversation
from sandbox.databricks.notebooks.conversation import Conversation


@dataclass
class Process:
    """The other end; what it asked and was answered is in `asked`."""

    ours: socket.socket
    theirs: socket.socket
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = Conversation(self._answer)

    def says(self, said: bytes) -> bool:
        self.theirs.sendall(said)
        return self.conversation.hear(self.ours)

    def replies(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.theirs.recv(10_000).splitlines()]

    def _answer(self, question: str, details: Mapping[str, Any]) -> object:
        self.asked.append(question)
        return {"told": details}


@pytest.fixture
def process() -> Iterator[Process]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Process(ours, theirs)


def test_questions_are_answered_in_their_order(process: Process) -> None:
    assert process.says(b'{"message": "a", "x": 1}\n{"message": "b"}\n')
    assert process.replies() == [{"value": {"told": {"x": 1}}}, {"value": {"told": {}}}]


def test_question_that_comes_in_pieces_is_answered_once_it_is_whole(process: Process) -> None:
    assert process.says(b'{"mess')
    assert not process.asked
    assert process.says(b'age": "a"}\n')
    assert process.asked == ["a"]


def test_whoever_asks_after_the_end_is_told_that_it_is_too_late(process: Process) -> None:
    process.conversation.end()
    process.says(b'{"message": "a"}\n')
    assert (process.replies(), process.asked) == ([{"error": "the process that asked is gone"}], [])


def test_what_is_said_of_the_end_is_kept(process: Process) -> None:
    process.says(b'{"message": "done", "exit": "x"}\n')
    assert process.conversation.told == {"exit": "x"}
    assert not process.asked


@pytest.mark.parametrize("line", [b"x", b"[1]", b"{}", b"[" * 5000])
def test_what_cannot_be_read_is_a_question_never_heard_of(process: Process, line: bytes) -> None:
    process.says(line + b"\n")
    assert process.asked == [""]


def test_line_without_end_is_heard_no_further(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_MESSAGE_LIMIT", 5)
    assert (process.says(b"12345"), process.says(b"6")) == (True, False)


def test_nothing_more_comes_from_who_has_left(process: Process) -> None:
    process.theirs.close()
    assert not process.conversation.hear(process.ours)
