"""Tables: what is written is there after a kill, and no two writers lose each other's records."""
from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sandbox.storage import Storage, StorageError
from sandbox.table import Table

_WRITER = """
import itertools, sys
from pathlib import Path
from sandbox.storage import Storage
from tests.sandbox.test_storage import Note
table = Storage(Path(sys.argv[1])).table("note", Note)
for _ in itertools.count():
    print(table.add(lambda number: Note(number, str(number))).id, flush=True)
"""


@dataclass(frozen=True)
class Note:
    id: int
    text: str
    team: str = ""


@pytest.fixture
def table() -> Iterator[Table[Note]]:
    storage = Storage()
    yield storage.table("note", Note)
    storage.close()


def test_a_table_reads_what_an_earlier_one_wrote(tmp_path: Path) -> None:
    first = Storage(tmp_path / "file")
    first.table("note", Note)["a"] = Note(1, "kept", "\u00e9\ud800")
    first.close()
    second = Storage(tmp_path / "file")
    assert dict(second.table("note", Note)) == {"a": Note(1, "kept", "\u00e9\ud800")}
    second.close()


def test_parallel_writers_get_different_numbers(table: Table[Note]) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda text: table.add(lambda number: Note(number, str(text))), range(400)))
    assert len({one.id for one in made}) == len(table) == 400


def test_who_reads_all_is_not_disturbed_by_who_deletes(table: Table[Note]) -> None:
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            table["1"] = Note(1, "here")
            del table["1"]

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(come_and_go)
        seen = {one for _ in range(3000) for one in table.values()}
        stop.set()
        writer.result()
    assert seen <= {Note(1, "here")}


def test_the_number_of_a_deleted_record_at_the_end_comes_again(table: Table[Note]) -> None:
    for _ in range(3):
        table.add(lambda number: Note(number, ""))
    del table["3"], table["1"]
    assert table.next_number() == 3


def test_an_index_follows_every_change_of_its_table(table: Table[Note]) -> None:
    table["1"] = Note(1, "before the index", "red")
    index = table.index(lambda one: [one.team])
    table["2"] = Note(2, "added", "red")
    table["1"] = replace(table["1"], text="changed")
    assert [one.text for one in index.of("red")] == ["changed", "added"]
    table["2"] = replace(table["2"], team="blue")
    del table["1"]
    assert (index.of("red"), index.first("blue")) == ([], table["2"])


@pytest.mark.parametrize("round_number", range(3))
def test_whatever_was_acknowledged_before_a_kill_is_there(tmp_path: Path, round_number: int) -> None:
    acknowledged = [line for _ in range(2) for line in _killed(tmp_path / "file", 40 + 23 * round_number)]
    storage = Storage(tmp_path / "file")
    kept = storage.table("note", Note)
    assert [key for key in acknowledged if key not in kept or kept[key].text != key] == []
    assert len(set(acknowledged)) == len(acknowledged)
    storage.close()


def _killed(file: Path, lines: int) -> list[str]:
    """What a writer said until it was killed, with SIGKILL, in the middle of the next record."""
    with subprocess.Popen([sys.executable, "-c", _WRITER, str(file)], stdout=subprocess.PIPE, text=True,
                          cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
        rest = process.stdout.read().split("\n")
    # What has no end of line was being said.
    return said + rest[:-1]


def test_a_damaged_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    file.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StorageError, match=r"state\.sqlite: cannot be read \(file is not a database\); empty the"):
        Storage(file)


def test_a_file_that_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot be read \(unable to open database file\); empty the"):
        Storage(tmp_path)
    with pytest.raises(StorageError, match=r"cannot be read \(\[Errno 20\] Not a directory"):
        Storage(Path(__file__) / "state.sqlite")


def test_a_record_that_is_nested_endlessly_is_told_in_a_sentence(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "state.sqlite")
    storage.write("note", "1", "[" * 100_000)
    with pytest.raises(StorageError, match="a note is not as this version writes it"):
        storage.table("note", Note)


def test_a_record_of_another_version_is_told_in_a_sentence(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "state.sqlite")
    storage.write("note", "1", '{"id": 1}')
    with pytest.raises(StorageError, match="a note is not as this version writes it"):
        storage.table("note", Note)


def test_rows_after_the_first_that_cannot_be_read_are_told_in_a_sentence(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "state.sqlite")
    storage.write("note", "1", '{"id": 1}')
    storage.change("INSERT INTO records SELECT kind, '2', CAST(x'ff' AS TEXT) FROM records")
    with pytest.raises(StorageError, match=r"cannot be read \(Could not decode to UTF-8"):
        storage.read("note", Note)
