from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.display.jobs_view import job_lines
from sandbox.display.workspace_view import WorkspaceView
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server

CLUSTER = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 2}


@pytest.fixture
def view() -> Iterator[WorkspaceView]:
    workspace = Workspace("dev", tenant=Tenant())
    with Server(workspace.application) as server:
        yield WorkspaceView(server.url, workspace.token)


def create(view: WorkspaceView, name: str, task: dict[str, Any], **settings: Any) -> None:
    whole = {"task_key": "only", "notebook_task": {"notebook_path": "/Repos/dev/churn/train"}, **task}
    requests.post(f"{view.host}/api/2.2/jobs/create", json={"name": name, "tasks": [whole], **settings},
                  headers={"Authorization": f"Bearer {view.token}"}, timeout=30).raise_for_status()


def test_a_workspace_without_jobs_says_so(view: WorkspaceView) -> None:
    assert job_lines(view) == ["none"]


def test_each_job_is_shown_with_its_cluster_and_schedule(view: WorkspaceView) -> None:
    schedule = {"quartz_cron_expression": "0 30 5 ? * MON-FRI", "timezone_id": "UTC"}
    create(view, "own", {"new_cluster": CLUSTER, "libraries": [{"jar": "/Volumes/a.jar"}]}, schedule=schedule)
    create(view, "of-job", {"job_cluster_key": "one"},
           job_clusters=[{"job_cluster_key": "one", "new_cluster": CLUSTER}])
    assert job_lines(view) == [
        "of-job  cluster of its own, 2 workers, 0 libraries  started by hand",
        "own     cluster of its own, 2 workers, 1 libraries  0 30 5 ? * MON-FRI UTC"]
