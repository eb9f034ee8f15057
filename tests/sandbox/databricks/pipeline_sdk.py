"""The unmodified databricks-sdk, signed in as the service principal of a pipeline."""
from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from databricks.sdk import WorkspaceClient

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from sandbox.http.server import Server

PIPELINE = "11111111-2222-3333-4444-555555555555"


@contextmanager
def pipeline_sdk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkspaceClient]:
    """With an Entra token; its waiting between polls takes no time."""
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(random, "random", lambda: 0.0)
    workspace.add_service_principal(PIPELINE, "pipeline")
    token = workspace.tenant.sign(DATABRICKS, appid=PIPELINE)
    with Server(workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=token, auth_type="pat")
