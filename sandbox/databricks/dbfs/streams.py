"""Files that are written block by block: dbfs/create, add-block, close."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sandbox.clock import Clock
from sandbox.databricks.dbfs.errors import no_handle
from sandbox.databricks.dbfs.file_system import DbfsFiles
from sandbox.databricks.memory import Memory

# https://docs.databricks.com/api/azure/workspace/dbfs/create
_IDLE_SECONDS = 600.0
_FIRST_HANDLE = 2**53 + 1


@dataclass
class _Stream:
    path: str
    overwrite: bool
    upload: Path
    last_used: float


class DbfsStreams:
    """A stream ends when it is closed, when nobody wrote to it for ten minutes, and with the workspace's process."""

    def __init__(self, files: DbfsFiles, memory: Memory, clock: Clock) -> None:
        self._files = files
        self._clock = clock
        self._open: dict[int, _Stream] = {}
        self._next_handle = memory.counter("dbfs_handle", _FIRST_HANDLE, 2)

    def open(self, path: str, *, overwrite: bool) -> int:
        self._forget_idle()
        self._files.check_target(path, overwrite=overwrite)
        handle = self._next_handle()
        self._open[handle] = _Stream(path, overwrite, self._files.new_upload(), self._clock.now())
        return handle

    def add(self, handle: int, block: bytes) -> None:
        stream = self._stream(handle)
        with stream.upload.open("ab") as file:
            file.write(block)
        stream.last_used = self._clock.now()

    def close(self, handle: int) -> None:
        """Until then nobody sees the file."""
        stream = self._stream(handle)
        del self._open[handle]
        self._files.take(stream.upload, stream.path, overwrite=stream.overwrite)

    def _stream(self, handle: int) -> _Stream:
        self._forget_idle()
        if handle not in self._open:
            raise no_handle(handle)
        return self._open[handle]

    def _forget_idle(self) -> None:
        now = self._clock.now()
        for handle in [key for key, stream in self._open.items() if now - stream.last_used > _IDLE_SECONDS]:
            self._open.pop(handle).upload.unlink(missing_ok=True)
