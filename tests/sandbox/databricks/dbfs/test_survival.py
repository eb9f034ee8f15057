from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.dbfs.conftest import Dbfs


def opened(folder: Path) -> Dbfs:
    clock = FakeClock()
    workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=folder)
    return Dbfs(Client(workspace, workspace.token), folder / "dbfs")


@pytest.mark.parametrize("path", ["/", "/a", "/a/b"])
def test_files_are_there_again_after_a_restart(tmp_path: Path, path: str) -> None:
    first = opened(tmp_path)
    first.put("/a/b", b"x")
    first.client.post("2.0/dbfs/mkdirs", path="/c")
    for call in ("list", "get-status"):
        assert opened(tmp_path).client.get(f"2.0/dbfs/{call}", path=path) == first.client.get(
            f"2.0/dbfs/{call}", path=path)


def test_open_stream_ends_with_the_process_and_leaves_nothing(tmp_path: Path) -> None:
    handle = opened(tmp_path).client.post("2.0/dbfs/create", path="/a").body["handle"]
    again = opened(tmp_path)
    assert again.client.post("2.0/dbfs/close", handle=handle).code == "RESOURCE_DOES_NOT_EXIST"
    assert list((tmp_path / "dbfs-uploads").iterdir()) == []
    assert again.client.post("2.0/dbfs/create", path="/a").body["handle"] > handle
