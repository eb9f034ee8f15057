"""The DBFS API, and the files themselves under `/dbfs/`, where mlflow sends and fetches them."""
from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.dbfs.errors import no_path, read_too_large
from sandbox.databricks.dbfs.file_system import FileInfo
from sandbox.databricks.dbfs.paths import read_path
from sandbox.databricks.dbfs.upload import block_of, read_put
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.replies import without_empty
from sandbox.http.message import Response

_READ_LIMIT = 1024 * 1024
_DEFAULT_READ = 512 * 1024
_CHUNK = 64 * 1024


class _Blocks:
    """A file opened before the lock is left: who replaces it meanwhile does not change what is being sent."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file:
            yield from iter(partial(self._file.read, _CHUNK), b"")

    def close(self) -> None:
        self._file.close()


def dbfs_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "GET get-status": _get_status, "GET list": _list, "GET read": _read, "POST mkdirs": _mkdirs, "POST put": _put,
        "POST delete": _delete, "POST move": _move, "POST create": _create, "POST add-block": _add_block,
        "POST close": _close,
    }
    return [*routes_below("/api/2.0/dbfs", handlers), ("GET", "/dbfs/{path...}", _download),
            ("POST", "/dbfs/{path...}", _upload), ("PUT", "/dbfs/{path...}", _upload)]


def _get_status(call: Call) -> dict[str, Any]:
    return _row(call.state.dbfs.info(_path(call.fields("dbfs/get-status"))))


def _list(call: Call) -> dict[str, Any]:
    """An empty folder is an empty answer, as mlflow's client remarks."""
    found = call.state.dbfs.children(_path(call.fields("dbfs/list")))
    return without_empty(files=[_row(info) for info in found])


def _read(call: Call) -> dict[str, Any]:
    fields = call.fields("dbfs/read")
    offset, length = fields.get("offset", 0), fields.get("length", _DEFAULT_READ)
    if offset < 0 or length < 0:
        refuse(f"offset and length must not be negative, got {offset} and {length}")
    if length > _READ_LIMIT:
        raise read_too_large(length, _READ_LIMIT)
    with call.state.dbfs.file(_path(fields)).open("rb") as file:
        # No file system knows places as far behind the end as a number can name.
        file.seek(min(offset, os.fstat(file.fileno()).st_size))
        data = file.read(length)
    return {"bytes_read": len(data), "data": base64.b64encode(data).decode()}


def _mkdirs(call: Call) -> dict[str, Any]:
    call.state.dbfs.make_folders(_path(call.fields("dbfs/mkdirs")))
    return {}


def _put(call: Call) -> dict[str, Any]:
    fields, content = read_put(call)
    call.state.dbfs.write(_path(fields), content, overwrite=fields.get("overwrite", False))
    return {}


def _delete(call: Call) -> dict[str, Any]:
    fields = call.fields("dbfs/delete")
    call.state.dbfs.delete(_path(fields), recursive=fields.get("recursive", False))
    return {}


def _move(call: Call) -> dict[str, Any]:
    fields = call.fields("dbfs/move")
    call.state.dbfs.move(_path(fields, "source_path"), _path(fields, "destination_path"))
    return {}


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("dbfs/create")
    return {"handle": call.state.dbfs_streams.open(_path(fields), overwrite=fields.get("overwrite", False))}


def _add_block(call: Call) -> dict[str, Any]:
    fields = call.fields("dbfs/add-block")
    call.state.dbfs_streams.add(_handle(fields), block_of(fields.get("data", ""), "data"))
    return {}


def _close(call: Call) -> dict[str, Any]:
    call.state.dbfs_streams.close(_handle(call.fields("dbfs/close")))
    return {}


def _download(call: Call) -> Response:
    file = call.state.dbfs.file(_raw_path(call)).open("rb")
    return Response(headers={"Content-Type": "application/octet-stream"}, chunks=_Blocks(file))


def _upload(call: Call) -> dict[str, Any]:
    """Whatever was there is replaced, and the folders above are made."""
    call.state.dbfs.write(_raw_path(call), call.request.body, overwrite=True)
    return {}


def _raw_path(call: Call) -> str:
    path = "/" + call.request.arguments["path"]
    if "\ufffd" in path:  # bytes that are no UTF-8 name no file
        raise no_path(path)
    return read_path(path)


def _path(fields: dict[str, Any], name: str = "path") -> str:
    if not fields.get(name):
        refuse_missing(name)
    return read_path(fields[name])


def _handle(fields: dict[str, Any]) -> int:
    if "handle" not in fields:
        refuse_missing("handle")
    return int(fields["handle"])


def _row(info: FileInfo) -> dict[str, Any]:
    return {"path": info.path, "is_dir": info.is_dir, "file_size": info.size, "modification_time": info.modified}
