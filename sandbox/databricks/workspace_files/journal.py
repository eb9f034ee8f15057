"""What was done on disk since the last acknowledged change, so that it can be taken back.

It is where the records found no room, and at a start after a kill.

Records and files do not change in one transaction. A note says how to take back what is about to happen to a file or
folder; the number of the next note is a record. So the transaction that keeps the records of a request also makes its
notes void, and notes from that number on belong to a request that was never answered, or answered with an error.
"""
from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from sandbox.databricks.memory import Memory

_NEXT = "next"


class Journal:
    """`folder` lies in the workspace's own folder, on the same file system. Whoever calls holds the memory's lock."""

    def __init__(self, folder: Path, memory: Memory) -> None:
        self._folder = folder
        self._records = memory.collection("file_journal", int)
        self._open: list[int] = []
        folder.mkdir(parents=True, exist_ok=True)
        memory.when_taken_back(self._take_back)
        self._take_back()

    def staged(self, content: bytes) -> Path:
        """A file with this content, to be moved to where it belongs."""
        new = self._folder / f"{self._number()}.new"
        new.write_bytes(content)
        return new

    def will_write(self, disk: Path) -> None:
        """Call it before the file or folder `disk` is made, or the file replaced."""
        number, was_there = self._noted(disk)
        if was_there:
            os.link(disk, self._old(number))

    def remove(self, disk: Path) -> None:
        """Remove the file or folder at once, however much is in it."""
        number, was_there = self._noted(disk)
        if was_there:
            disk.rename(self._old(number))

    def _noted(self, disk: Path) -> tuple[int, bool]:
        if not self._records.waiting:
            self._forget_notes()
        number, was_there = self._number(), disk.exists()
        note = {"disk": str(disk.relative_to(self._folder.parent)), "was_there": was_there}
        self._note(number).write_text(json.dumps(note), "utf-8")
        self._open.append(number)
        self._records[_NEXT] = number + 1
        return number, was_there

    def _number(self) -> int:
        return self._records.get(_NEXT, 1)

    def _forget_notes(self) -> None:
        """What they tell was acknowledged: what was replaced or removed is not needed any more."""
        for number in self._open:
            _remove(self._old(number))
            _remove(self._note(number))
        self._open.clear()

    def _take_back(self) -> None:
        noted = [int(note.stem) for note in self._folder.glob("*.json") if note.stem.isdecimal()]
        for number in sorted(noted, reverse=True):
            if number >= self._number():
                self._take_back_one(number)
        for left in self._folder.iterdir():
            _remove(left)
        self._open.clear()

    def _take_back_one(self, number: int) -> None:
        try:
            note = json.loads(self._note(number).read_text("utf-8"))
            disk, was_there = self._folder.parent / note["disk"], note["was_there"]
        except (ValueError, KeyError, TypeError):
            return  # killed while the note was written: nothing had happened yet
        old = self._old(number)
        if not was_there:
            _remove(disk)
        elif old.exists():
            _remove(disk)
            old.rename(disk)
        _remove(self._note(number))

    def _note(self, number: int) -> Path:
        return self._folder / f"{number}.json"

    def _old(self, number: int) -> Path:
        return self._folder / f"{number}.old"


def _remove(disk: Path) -> None:
    if disk.is_dir() and not disk.is_symlink():
        shutil.rmtree(disk, ignore_errors=True)
    else:
        disk.unlink(missing_ok=True)
