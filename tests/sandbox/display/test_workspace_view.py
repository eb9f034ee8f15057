from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.display.workspace_view import WorkspaceView, library_name, workers
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server

TAGS = {"branch": "feature/x", "repo": "churn"}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("local", tenant=Tenant())


@pytest.fixture
def view(workspace: Workspace) -> Iterator[WorkspaceView]:
    with Server(workspace.application) as server:
        yield WorkspaceView(server.url, workspace.token)


def test_page_shows_what_the_ui_would(workspace: Workspace, view: WorkspaceView) -> None:
    [cluster_id] = workspace.add_foreign_clusters(1, name="ours", custom_tags=TAGS, autotermination_minutes=30)
    page = "\n".join(view.page_of("feature/x"))
    for part in (f"ours  (TERMINATED, {cluster_id})", "15.4.x-scala2.12", "30 idle minutes", "repo = churn",
                 "CAN_ATTACH_TO     group users", "group admins  (inherited from /clusters/)"):
        assert part in page


def test_branch_without_a_cluster_is_said(view: WorkspaceView) -> None:
    assert view.page_of("feature/y") == ["The workspace has no cluster for branch 'feature/y'."]


def test_workspace_that_does_not_answer_is_said() -> None:
    server = Server(Workspace("local", tenant=Tenant()).application)
    url = server.url
    server.stop()
    [line] = WorkspaceView(url, "token").page_of("feature/x")
    assert line.startswith("The workspace does not answer: ")


@pytest.mark.parametrize(("library", "name"), [
    ({"pypi": {"package": "pandas==2.2.3"}}, "pypi: pandas==2.2.3"),
    ({"maven": {"coordinates": "a:b:1"}}, "maven: a:b:1"),
    ({"whl": "/Volumes/a.whl"}, "whl: /Volumes/a.whl"),
], ids=["pypi", "maven", "whl"])
def test_every_kind_of_library_has_a_name(library: dict[str, object], name: str) -> None:
    assert library_name(library) == name


def test_fixed_size_is_a_number_of_workers() -> None:
    assert workers({"num_workers": 3}) == "3"
    assert workers({"autoscale": {"min_workers": 1, "max_workers": 4}}) == "1 to 4"
    assert workers({"num_workers": 0}) == "none, a single node"


@pytest.mark.parametrize(("minutes", "told"), [(0, "never, however long it is idle"), (10, "10 idle minutes")])
def test_idle_time_is_told(workspace: Workspace, view: WorkspaceView, minutes: int, told: str) -> None:
    workspace.add_foreign_clusters(1, name="ours", custom_tags=TAGS, autotermination_minutes=minutes)
    assert f"    stops after {told}" in view.page_of("feature/x")
