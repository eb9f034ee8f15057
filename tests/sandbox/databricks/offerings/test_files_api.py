from __future__ import annotations

import pytest

from tests.sandbox.databricks.conftest import Client

ARTIFACTS = "WorkspaceInternal/Mlflow/Artifacts/1/Runs/2/artifacts"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [f"directories/{ARTIFACTS}", f"files/{ARTIFACTS}/a.txt", "files/Volumes/a/b/c/d"])
def test_files_api_is_refused_so_that_clients_go_another_way(admin: Client, method: str, path: str) -> None:
    """Of a 404 mlflow 3 makes an empty list of artifacts."""
    assert admin.ask(method, f"2.0/fs/{path}").status == 501
