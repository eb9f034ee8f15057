from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

from sandbox.http.message import Headers, Request, Response
from tests.sandbox.databricks.conftest import Client, Reply

NOTEBOOK = "# Databricks notebook source\nprint(1)\n"


@dataclass
class Files:
    """The Workspace API as one caller sees it; contents go and come as text."""

    client: Client

    def get(self, operation: str, path: str, **query: str) -> Reply:
        texts = {name: [value] for name, value in {"path": path, **query}.items()}
        return self.client.ask("GET", f"2.0/workspace/{operation}", query=texts)

    def post(self, operation: str, path: str, **body: Any) -> Reply:
        return self.client.ask("POST", f"2.0/workspace/{operation}", {"path": path, **body})

    def put(self, path: str, content: str | bytes = "text", **fields: Any) -> Reply:
        raw = content.encode() if isinstance(content, str) else content
        return self.post("import", path, **{"format": "AUTO", "content": base64.b64encode(raw).decode(), **fields})

    def raw(self, method: str, target: str, body: bytes | dict[str, Any] = b"", **query: str) -> Response:
        """The reply as it comes; `target` is from the version on, encoded as in the request line."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = Headers([("Authorization", f"Bearer {self.client.token}")])
        return self.client.workspace.application(Request(
            method, unquote(f"/api/2.0/{target}"), f"/api/2.0/{target}", {name: [text] for name, text in query.items()},
            headers, io.BytesIO(content)))

    def types(self, path: str) -> dict[str, str]:
        """Type by path of what lies in a folder."""
        return {row["path"]: row["object_type"] for row in self.get("list", path).body.get("objects", [])}

    def content(self, path: str, **query: str) -> str:
        return base64.b64decode(self.get("export", path, **query).body["content"]).decode()


@pytest.fixture
def files(admin: Client) -> Files:
    return Files(admin)


@pytest.fixture
def theirs(owner: Client) -> Files:
    """The files as owner@example.test, no admin, sees them."""
    return Files(owner)
