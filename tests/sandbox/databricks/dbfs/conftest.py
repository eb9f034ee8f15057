"""Files of DBFS sent and fetched by an admin."""
from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request, Response
from tests.sandbox.databricks.conftest import Client, Reply


@dataclass(frozen=True)
class Dbfs:
    client: Client
    folder: Path

    def put(self, path: str, content: bytes = b"content", *, overwrite: bool = False) -> Reply:
        return self.client.post("2.0/dbfs/put", path=path, contents=base64.b64encode(content).decode(),
                                overwrite=overwrite)

    def get(self, path: str) -> bytes:
        reply = self.client.get("2.0/dbfs/read", path=path)
        assert reply.status == 200, reply
        return base64.b64decode(reply.body["data"])

    def names(self, path: str) -> list[str]:
        return [row["path"] for row in self.client.get("2.0/dbfs/list", path=path).body.get("files", [])]

    def raw(self, method: str, target: str, content: bytes = b"", content_type: str = "") -> Response:
        """`target` as it stands in the request line, from the root on."""
        headers = Headers([("Authorization", f"Bearer {self.client.token}"), ("Content-Type", content_type)])
        return self.client.workspace.application(Request(method, target, raw_target=target, headers=headers,
                                                         body_stream=io.BytesIO(content)))


@pytest.fixture
def dbfs(workspace: Workspace, admin: Client) -> Dbfs:
    return Dbfs(admin, workspace.state.folder / "dbfs")
