from __future__ import annotations

import base64

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Reply
from tests.sandbox.databricks.dbfs.conftest import Dbfs


def opened(dbfs: Dbfs, path: str = "/a/b", *, overwrite: bool = False) -> int:
    return int(dbfs.client.post("2.0/dbfs/create", path=path, overwrite=overwrite).body["handle"])


def add(dbfs: Dbfs, handle: int, block: bytes) -> Reply:
    return dbfs.client.post("2.0/dbfs/add-block", handle=handle, data=base64.b64encode(block).decode())


def test_file_is_written_block_by_block(dbfs: Dbfs) -> None:
    handle = opened(dbfs)
    assert [add(dbfs, handle, block).body for block in (b"one ", b"two")] == [{}, {}]
    assert dbfs.client.post("2.0/dbfs/close", handle=handle).body == {}
    assert dbfs.get("/a/b") == b"one two"


def test_file_is_seen_once_it_is_whole(dbfs: Dbfs) -> None:
    dbfs.put("/a/b", b"old")
    add(dbfs, opened(dbfs, overwrite=True), b"new")
    assert dbfs.get("/a/b") == b"old"


def test_closed_stream_takes_nothing_more(dbfs: Dbfs) -> None:
    handle = opened(dbfs)
    dbfs.client.post("2.0/dbfs/close", handle=handle)
    assert add(dbfs, handle, b"x").code == "RESOURCE_DOES_NOT_EXIST"


def test_handles_are_numbers_that_need_64_bits(dbfs: Dbfs) -> None:
    first, second = opened(dbfs, "/a"), opened(dbfs, "/b")
    assert (first > 2**53, first != second) == (True, True)


def test_block_of_a_stream_has_at_most_a_megabyte(dbfs: Dbfs) -> None:
    handle = opened(dbfs)
    assert add(dbfs, handle, bytes(1024 * 1024)).status == 200
    assert add(dbfs, handle, bytes(1024 * 1024 + 1)).code == "MAX_BLOCK_SIZE_EXCEEDED"


def test_idle_stream_ends_after_ten_minutes(dbfs: Dbfs, clock: FakeClock) -> None:
    used, idle = opened(dbfs, "/used"), opened(dbfs, "/idle")
    clock.advance(400)
    add(dbfs, used, b"x")
    clock.advance(400)
    assert [add(dbfs, handle, b"y").status for handle in (used, idle)] == [200, 404]


def test_somebody_else_may_be_faster(dbfs: Dbfs) -> None:
    handle = opened(dbfs, "/a")
    dbfs.put("/a", b"first")
    assert dbfs.client.post("2.0/dbfs/close", handle=handle).code == "RESOURCE_ALREADY_EXISTS"
    assert dbfs.get("/a") == b"first"
