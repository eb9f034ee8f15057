"""Records that lie in a file until they are asked for, and what is told of them without reading one."""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.databricks.collection import Collection
from sandbox.databricks.memory import Memory
from sandbox.databricks.views import Index, View
from sandbox.storage import StorageError


@dataclass
class Note:
    text: str
    team: str = "red"


class Lengths(dict[str, int]):
    """How long the text of each note is; those without any have none."""

    def __init__(self, lengths: Mapping[str, int]) -> None:
        super().__init__(lengths)

    def change(self, key: str, length: int | None) -> None:
        self.pop(key, None)
        if length is not None:
            self[key] = length


class Notes:
    """Of one start of a memory in `file`."""

    def __init__(self, file: Path) -> None:
        self.memory = Memory(file)
        self.notes: Collection[Note] = self.memory.collection("note", Note)
        self.by_team: Index[Note] = self.notes.index(lambda note: [note.team], kept_as="team")
        self.lengths: View[Note, int, Lengths] = self.notes.view(
            Lengths, lambda note: len(note.text) or None, kept_as="length")

    def put(self, **notes: Note) -> None:
        with self.memory.lock:
            self.notes.update(notes)

    def remove(self, key: str) -> None:
        with self.memory.lock:
            del self.notes[key]


Start = Callable[[], Notes]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


@pytest.fixture
def start(file: Path) -> Iterator[Start]:
    """Each call is another start after the last one was stopped."""
    started: list[Notes] = []

    def start() -> Notes:
        for one in started:
            one.memory.close()
        started.append(Notes(file))
        return started[-1]

    yield start
    started[-1].memory.close()


def execute(file: Path, command: str, *values: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(command, values)


def damage(file: Path, key: str) -> None:
    execute(file, "UPDATE records SET value = '{}' WHERE key = ?", key)


def test_record_that_cannot_be_read_is_told_when_it_is_asked_for_and_not_before(start: Start, file: Path) -> None:
    start().put(a=Note("one"), b=Note("two"))
    damage(file, "a")
    notes = start().notes
    assert (list(notes), "a" in notes, notes["b"]) == (["a", "b"], True, Note("two"))
    with pytest.raises(StorageError, match=r"state\.sqlite: cannot be read \(a note is not as this version writes it"):
        notes["a"]


def test_reading_all_keeps_what_was_changed_and_removed_since(start: Start) -> None:
    start().put(a=Note("one"), b=Note("two"), c=Note("three"))
    again = start()
    again.notes["a"].text = "changed"
    again.remove("b")
    again.put(d=Note("four"))
    assert [note.text for note in again.notes.values()] == ["changed", "three", "four"]


def test_newest_record_comes_first_backwards(start: Start) -> None:
    start().put(b=Note("one"), a=Note("two"))
    assert list(reversed(start().notes)) == ["a", "b"]


def test_views_and_indexes_are_told_after_a_start_without_reading_a_record(start: Start, file: Path) -> None:
    start().put(a=Note("one"), b=Note("", team="blue"))
    damage(file, "a")
    again = start()
    assert (again.lengths(), again.by_team.count("red"), list(again.by_team.keys_of("blue"))) == ({"a": 3}, 1, ["b"])


def test_what_is_kept_for_views_follows_each_change(start: Start) -> None:
    start().put(a=Note("one"), b=Note("two"), c=Note("three"))
    second = start()
    second.put(a=Note("longer", team="blue"), b=Note(""))
    second.remove("c")
    third = start()
    assert third.lengths() == {"a": 6}
    assert (third.by_team.of("blue"), third.by_team.of("red")) == ([Note("longer", "blue")], [Note("")])


def test_view_that_is_first_used_before_a_change_is_written_shows_it(start: Start) -> None:
    start().put(a=Note("one"), b=Note("two"), c=Note("three"))
    again = start()
    with again.memory.lock:
        again.notes.update(a=Note("longer"), c=Note(""))
        del again.notes["b"]
        assert again.lengths() == {"a": 6}


def test_index_tells_the_oldest_first_after_a_start(start: Start) -> None:
    start().put(b=Note("one"), a=Note("two"), c=Note("three"))
    assert [note.text for note in start().by_team.of("red")] == ["one", "two", "three"]


def test_views_that_a_file_does_not_know_yet_are_made_of_its_records(start: Start, file: Path) -> None:
    start().put(a=Note("one"))
    execute(file, "DELETE FROM kept_values")
    execute(file, "DELETE FROM kept_value")
    assert start().lengths() == {"a": 3}
    damage(file, "a")
    assert start().lengths() == {"a": 3}


def test_damaged_values_of_a_view_are_told_in_a_sentence(start: Start, file: Path) -> None:
    start().put(a=Note("one"))
    execute(file, "UPDATE kept_value SET value = '{'")
    with pytest.raises(StorageError, match="note length is not as this version writes it"):
        start().lengths()


def test_nothing_unread_is_there_any_more_once_the_memory_is_closed(start: Start) -> None:
    start().put(a=Note("one"), b=Note("two"))
    again = start()
    read = again.notes["a"]
    again.memory.close()
    assert (dict(again.notes), again.lengths()) == ({"a": read}, {"a": 3})


@pytest.mark.parametrize("file_name", [None, "state.sqlite"], ids=["in memory", "in a file"])
def test_view_without_a_name_is_made_of_the_records(tmp_path: Path, file_name: str | None) -> None:
    memory = Memory(tmp_path / file_name if file_name else None)
    notes = memory.collection("note", Note)
    with memory.lock:
        notes["a"] = Note("one")
        lengths = notes.view(Lengths, lambda note: len(note.text))
        assert lengths() == {"a": 3}
        notes["a"] = Note("longer")
    assert lengths() == {"a": 6}
    memory.close()
