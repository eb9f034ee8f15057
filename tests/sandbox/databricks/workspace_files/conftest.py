from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest

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
