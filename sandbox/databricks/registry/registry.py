"""What the workspace registry remembers."""
from __future__ import annotations

from sandbox.databricks.memory import Memory
from sandbox.databricks.registry.activities import Activities
from sandbox.databricks.registry.model_store import ModelStore


class WorkspaceRegistry(ModelStore):
    def __init__(self, memory: Memory) -> None:
        super().__init__(memory, "registry")
        self.activities = Activities(memory)
