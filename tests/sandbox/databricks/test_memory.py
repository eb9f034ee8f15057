"""What a workspace remembers, over the end of its process."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.databricks.collection import Collection
from sandbox.databricks.memory import Memory


@dataclass
class Note:
    text: str
    lines: list[str] = field(default_factory=list)
    pending: bool = field(default=False, init=False)


class Kept:
    """A memory in a file, which can be opened anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.reopen()

    def reopen(self) -> None:
        self.memory = Memory(self._file)
        self.notes: Collection[Note] = self.memory.collection("note", Note)
        self.number = self.memory.counter("note", 10, 5)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path / "state.sqlite")
    yield made
    made.memory.close()


def _again(kept: Kept) -> Kept:
    kept.memory.close()
    kept.reopen()
    return kept


def test_records_are_there_again_in_the_order_they_came(kept: Kept) -> None:
    with kept.memory.lock:
        for key in ("b", "a", "c"):
            kept.notes[key] = Note(key)
    assert [(key, note.text) for key, note in _again(kept).notes.items()] == [("b", "b"), ("a", "a"), ("c", "c")]


def test_a_record_changed_in_place_is_kept_as_it_is_now(kept: Kept) -> None:
    with kept.memory.lock:
        kept.notes["a"] = Note("old")
    with kept.memory.lock:
        kept.notes["a"].lines.append("new")
        kept.notes.changed("a")
    assert _again(kept).notes["a"].lines == ["new"]


def test_a_deleted_record_stays_away(kept: Kept) -> None:
    with kept.memory.lock:
        kept.notes["a"] = Note("x")
    with kept.memory.lock:
        del kept.notes["a"]
    assert not _again(kept).notes


def test_no_number_comes_twice(kept: Kept) -> None:
    with kept.memory.lock:
        assert [kept.number(), kept.number()] == [10, 15]
    with _again(kept).memory.lock:
        assert kept.number() == 20


@pytest.mark.parametrize(("first", "small"), [(2**53 + 1, 2**53 + 1 - 8 * 10**15), (2**53, 2**53), (10, 10)])
def test_small_ids_are_below_what_javascript_tells_apart(first: int, small: int) -> None:
    """A9: unless small ones are asked for, ids are beyond 2**53."""
    numbers = [Memory(small_ids=are_small).counter("job", first)() for are_small in (False, True)]
    assert numbers == [first, small]


def test_nothing_is_written_before_the_outermost_lock_is_left(kept: Kept, tmp_path: Path) -> None:
    with kept.memory.lock:
        with kept.memory.lock:
            kept.notes["a"] = Note("x")
        assert not Memory(tmp_path / "state.sqlite").collection("note", Note)
    assert "a" in Memory(tmp_path / "state.sqlite").collection("note", Note)


def test_a_record_that_cannot_be_written_takes_nothing_else_along(kept: Kept) -> None:
    with kept.memory.lock:
        kept.notes["a"] = Note("x")
    kept.memory.lock.acquire()
    kept.notes["b"] = Note("y")
    kept.notes["c"] = Note({1, 2})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        kept.memory.lock.release()
    assert list(Memory.collection(Memory(kept._file), "note", Note)) == ["a"]


def test_an_index_follows_a_record_that_changes_in_place(kept: Kept) -> None:
    by_text = kept.notes.index(lambda note: [note.text])
    with kept.memory.lock:
        kept.notes["a"] = Note("old")
        kept.notes["a"].text = "new"
        kept.notes.changed("a")
    assert [by_text.of("old"), by_text.first("new")] == [[], kept.notes["a"]]


def test_a_process_that_is_killed_has_lost_nothing_it_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    program = (
        "import os, signal, sys; from pathlib import Path; from sandbox.databricks.memory import Memory\n"
        "memory = Memory(Path(sys.argv[1])); numbers = memory.collection('number', int)\n"
        "with memory.lock: numbers['a'] = 1; numbers['b'] = 2\n"
        "memory.lock.__enter__(); numbers['c'] = 3; os.kill(os.getpid(), signal.SIGKILL)\n")
    subprocess.run([sys.executable, "-c", program, str(file)], check=False, cwd=Path(__file__).parents[3],
                   env=dict(os.environ))
    assert dict(Memory(file).collection("number", int)) == {"a": 1, "b": 2}
