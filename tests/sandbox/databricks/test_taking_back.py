"""What could not be written has not happened: neither now nor once there is room."""
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.databricks.collection import Collection
from sandbox.databricks.memory import Memory
from sandbox.storage import StorageError
from tests.sandbox.databricks.full_disk import unwritable


@dataclass
class Note:
    text: str
    seen: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Fixed:
    text: str


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    made = Memory(tmp_path / "state.sqlite")
    yield made
    made.close()


@pytest.fixture
def notes(memory: Memory) -> Collection[Note]:
    made = memory.collection("note", Note)
    with memory.lock:
        made.update(a=Note("one"), b=Note("two"), c=Note("three"))
    return made


def fail(memory: Memory) -> None:
    """Leave the lock, which the caller has taken, while nothing can be written."""
    with unwritable(memory), pytest.raises(sqlite3.OperationalError):
        memory.lock.release()


def test_record_that_was_added_is_not_there(memory: Memory, notes: Collection[Note]) -> None:
    memory.lock.acquire()
    notes["d"] = Note("four")
    fail(memory)
    assert list(notes) == ["a", "b", "c"]


def test_record_that_was_removed_is_there_again_at_its_place(memory: Memory, notes: Collection[Note]) -> None:
    memory.lock.acquire()
    del notes["a"]
    fail(memory)
    assert list(notes.items()) == [("a", Note("one")), ("b", Note("two")), ("c", Note("three"))]


def test_whoever_holds_a_record_that_was_changed_sees_it_as_it_was(memory: Memory, notes: Collection[Note]) -> None:
    held = notes["a"]
    held.seen = True
    memory.lock.acquire()
    held.text = "changed"
    notes.changed("a")
    fail(memory)
    assert (held.text, held.seen, notes["a"] is held) == ("one", True, True)


def test_record_beside_those_that_are_taken_back_is_still_the_one_that_others_hold(memory: Memory,
                                                                                   notes: Collection[Note]) -> None:
    held = notes["a"]
    memory.lock.acquire()
    notes["d"] = Note("four")
    fail(memory)
    assert notes["a"] is held


def test_value_that_was_replaced_is_the_old_one(memory: Memory) -> None:
    fixed, number = memory.collection("fixed", Fixed), memory.counter("number", 1)
    with memory.lock:
        fixed["a"] = Fixed("old")
        number()
    memory.lock.acquire()
    fixed["a"] = Fixed("new")
    number()
    fail(memory)
    with memory.lock:
        assert (fixed["a"], number()) == (Fixed("old"), 2)


def test_record_is_found_by_what_it_was(memory: Memory, notes: Collection[Note]) -> None:
    by_text = notes.index(lambda note: [note.text], kept_as="text")
    unkept = notes.index(lambda note: [note.text])
    assert by_text.count("one") == unkept.count("one") == 1
    memory.lock.acquire()
    notes["a"] = Note("changed")
    fail(memory)
    assert [list(index.keys_of(text)) for index in (by_text, unkept) for text in ("one", "changed")] == [["a"], []] * 2


def test_next_change_is_written_without_what_was_taken_back(memory: Memory, tmp_path: Path,
                                                            notes: Collection[Note]) -> None:
    memory.lock.acquire()
    notes["d"] = Note("four")
    fail(memory)
    with memory.lock:
        notes["e"] = Note("five")
    assert list(Memory(tmp_path / "state.sqlite").collection("note", Note)) == ["a", "b", "c", "e"]


@pytest.mark.parametrize("error", [OSError(), StorageError()], ids=["system", "file"])
def test_what_an_error_of_the_system_or_the_file_ended_is_taken_back(memory: Memory, notes: Collection[Note],
                                                                     error: Exception) -> None:
    with suppress(type(error)), memory.lock:
        with memory.lock:
            notes["d"] = Note("four")
        raise error
    assert "d" not in notes


def test_error_that_is_dealt_with_inside_takes_nothing_back(memory: Memory, notes: Collection[Note]) -> None:
    with memory.lock:
        notes["d"] = Note("four")
        with suppress(OSError), memory.lock:
            raise OSError
    assert "d" in notes


def test_what_may_not_be_undone_is_done_after_the_writing_or_never(memory: Memory, notes: Collection[Note]) -> None:
    done: list[str] = []
    memory.lock.acquire()
    notes["d"] = Note("four")
    memory.when_written(lambda: done.append("never"))
    fail(memory)
    with memory.lock:
        memory.when_written(lambda: done.append("once"))
        assert not done
    with memory.lock:
        assert done == ["once"]
    assert done == ["once"]


def test_whoever_knows_more_of_the_records_is_told(memory: Memory, notes: Collection[Note]) -> None:
    told: list[list[str]] = []
    memory.when_taken_back(lambda: told.append(list(notes)))
    with memory.lock:
        notes["d"] = Note("four")
    memory.lock.acquire()
    notes["e"] = Note("five")
    fail(memory)
    assert told == [["a", "b", "c", "d"]]


def test_memory_without_a_file_takes_nothing_back() -> None:
    memory, done = Memory(), []
    notes = memory.collection("note", Note)
    with suppress(OSError), memory.lock:
        notes["a"] = Note("one")
        memory.when_written(lambda: done.append("once"))
        raise OSError
    assert ("a" in notes, done) == (True, ["once"])
