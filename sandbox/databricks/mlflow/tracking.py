"""What MLflow keeps in a workspace."""
from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.experiments import Experiments
from sandbox.databricks.mlflow.run_store import RunStore
from sandbox.databricks.permissions.access import Access

if TYPE_CHECKING:
    from sandbox.databricks.workspace_files.files import WorkspaceFiles


class Tracking:
    def __init__(self, memory: Memory, access: Access, files: WorkspaceFiles) -> None:
        self.experiments = Experiments(memory, access, files)
        self.runs = RunStore(memory)
