"""Files of artifacts, which go and come with the records they belong to."""
from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.artifacts.artifact_files import ArtifactFiles
from tests.sandbox.databricks.full_disk import unwritable


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    made = Memory(tmp_path / "state.sqlite")
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path, memory: Memory) -> ArtifactFiles:
    made = ArtifactFiles(tmp_path / "artifacts", memory)
    for path in ("model/MLmodel", "model/data/weights"):
        made.write(path, io.BytesIO(path.encode()))
    return made


def test_files_stay_where_it_could_not_be_written_that_they_go(memory: Memory, files: ArtifactFiles) -> None:
    memory.lock.acquire()
    memory.counter("number", 1)()
    files.remove("model")
    with unwritable(memory), pytest.raises(sqlite3.OperationalError):
        memory.lock.release()
    assert files.find("model/MLmodel")


def test_files_go_once_that_is_written(memory: Memory, files: ArtifactFiles) -> None:
    with memory.lock:
        files.remove("model/data")
        assert files.is_directory("model/data")
    assert [one.path for one in files.listing("model")] == ["MLmodel"]


def test_copy_has_nothing_of_what_was_there_before(files: ArtifactFiles) -> None:
    files.write("copy/old", io.BytesIO(b"left by a copy that found no room"))
    files.copy("model", "copy")
    assert [one.path for one in files.listing("copy")] == ["MLmodel", "data"]
    assert (files.find("copy/data/weights") or Path()).read_bytes() == b"model/data/weights"


def test_copy_stays_as_it_was(files: ArtifactFiles) -> None:
    files.copy("model", "copy")
    files.write("model/MLmodel", io.BytesIO(b"changed"))
    assert (files.find("copy/MLmodel") or Path()).read_bytes() == b"model/MLmodel"


def test_copy_of_nothing_leaves_what_is_there(files: ArtifactFiles) -> None:
    files.copy("missing", "model")
    assert files.find("model/MLmodel")
