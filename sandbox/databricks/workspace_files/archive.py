"""Folders as archives: zip files of source files (SOURCE, AUTO) or of notebooks as JSON (DBC)."""
from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sandbox.databricks.errors import refuse
from sandbox.databricks.workspace_files.errors import too_large, too_large_to_export
from sandbox.databricks.workspace_files.paths import read_path

ENTRIES_LIMIT = 10_000
_TOTAL_LIMIT = 100 * 1024 * 1024
_UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


@dataclass(frozen=True)
class Member:
    """`path` is relative, with an extension that tells the language of a notebook."""

    path: str
    content: bytes


def pack(members: Iterable[Member]) -> bytes:
    packed, total = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            total += len(member.content)
            if total > _TOTAL_LIMIT:
                raise too_large_to_export(total, _TOTAL_LIMIT)
            archive.writestr(zipfile.ZipInfo(member.path), member.content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(content: bytes, file_limit: int) -> list[Member]:
    """The files of an archive, none larger than `file_limit` bytes. A name that leads out of it is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and info.filename.strip("/")]
            _check_sizes(infos, file_limit)
            return [Member(read_path(f"/{info.filename}")[1:], _read(archive, info)) for info in infos]
    except _UNREADABLE:
        refuse("The content is not an archive of notebooks")


def without_common_folder(members: list[Member]) -> list[Member]:
    """What an archive holds as a whole is what is imported: the folder all is in, or the only notebook."""
    tops = {PurePosixPath(member.path).parts[0] for member in members}
    if len(tops) != 1 or any(len(PurePosixPath(member.path).parts) == 1 for member in members):
        return members
    return [Member("/".join(PurePosixPath(member.path).parts[1:]), member.content) for member in members]


def _check_sizes(infos: list[zipfile.ZipInfo], file_limit: int) -> None:
    """What they claim; no more than that is read."""
    if len(infos) > ENTRIES_LIMIT:
        refuse(f"The archive has {len(infos)} entries, more than {ENTRIES_LIMIT}")
    for info in infos:
        if info.file_size > file_limit:
            raise too_large(info.file_size, file_limit)
    total = sum(info.file_size for info in infos)
    if total > _TOTAL_LIMIT:
        raise too_large(total, _TOTAL_LIMIT)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        return file.read(info.file_size)
