"""The switches of a workspace, as texts by name."""
from __future__ import annotations

from sandbox.databricks.memory import Memory


class WorkspaceConf:
    def __init__(self, memory: Memory) -> None:
        self._values = memory.collection("workspace_conf", str)

    def get(self, key: str) -> str | None:
        return self._values.get(key)

    def set(self, key: str, value: str) -> None:
        self._values[key] = value
