"""What MLflow keeps in a workspace."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.artifacts.artifact_files import ArtifactFiles
from sandbox.databricks.mlflow.artifacts.signatures import Signatures
from sandbox.databricks.mlflow.experiments import Experiments
from sandbox.databricks.mlflow.run_store import RunStore
from sandbox.databricks.mlflow.traces.trace import Traces
from sandbox.databricks.permissions.access import Access

if TYPE_CHECKING:
    from sandbox.databricks.workspace_files.files import WorkspaceFiles


class Tracking:
    """Artifacts lie in `folder`."""

    def __init__(self, memory: Memory, access: Access, files: WorkspaceFiles, folder: Path) -> None:
        self.experiments = Experiments(memory, access, files)
        self.runs = RunStore(memory)
        self.traces = Traces(memory)
        self.artifacts = ArtifactFiles(folder, memory)
        self.signatures = Signatures(memory)
