"""Where libraries touch what the cluster does: its idleness, its visibility, its restart."""
from __future__ import annotations

from pathlib import Path

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.libraries.calls import (
    JAR,
    OTHER_PANDAS,
    PANDAS,
    install,
    installed,
    rows,
    uninstall,
)

DAY = 24 * 3600.0


def told(client: Client) -> dict[str, list[str]]:
    """The statuses of each cluster, by its id."""
    answer = client.get("2.0/libraries/all-cluster-statuses").body.get("statuses", [])
    return {row["cluster_id"]: [library["status"] for library in row["library_statuses"]] for row in answer}


def test_second_version_in_one_request_fails(admin: Client) -> None:
    """C3: the first is not installed yet, but on its way."""
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS, OTHER_PANDAS)
    assert admin.libraries(cluster_id) == ["INSTALLING", "FAILED"]


def test_version_that_failed_does_not_stand_in_the_way_of_another(workspace: Workspace, admin: Client) -> None:
    """C3: only what is installed or on its way excludes another version."""
    cluster_id = admin.create_running()
    workspace.fail_library("pandas", "no matching distribution")
    install(admin, cluster_id, PANDAS)
    assert [admin.libraries(cluster_id) for _ in range(2)] == [["INSTALLING"], ["FAILED"]]
    workspace.state.library_failures.clear()
    install(admin, cluster_id, OTHER_PANDAS)
    assert admin.libraries(cluster_id) == ["FAILED", "INSTALLING"]


def test_requirements_file_is_a_library(admin: Client) -> None:
    """C4: one of the types there are."""
    cluster_id = installed(admin, {"requirements": "/Workspace/Shared/requirements.txt"})
    assert rows(admin, cluster_id)[0]["library"] == {"requirements": "/Workspace/Shared/requirements.txt"}


def test_failed_library_is_taken_away_by_an_uninstall(workspace: Workspace, admin: Client) -> None:
    """C2: with the next restart, like any other."""
    workspace.fail_library("pandas", "no matching distribution")
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS)
    assert [admin.libraries(cluster_id) for _ in range(2)][-1] == ["FAILED"]
    uninstall(admin, cluster_id, PANDAS)
    assert admin.libraries(cluster_id) == ["UNINSTALL_ON_RESTART"]
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert admin.libraries(cluster_id) == []


def test_install_keeps_the_cluster_from_being_idle(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running(autotermination_minutes=30)
    clock.advance(29 * 60)
    install(admin, cluster_id, JAR)
    clock.advance(29 * 60)
    assert admin.state(cluster_id) == "RUNNING"


def test_install_on_a_stopped_cluster_outlives_the_workspace(tmp_path: Path) -> None:
    """C1: it stays PENDING until the start."""
    def opened() -> Client:
        workspace = Workspace("dev", tenant=Tenant(), folder=tmp_path)
        return Client(workspace, workspace.token)

    first = opened()
    cluster_id = first.create_terminated()
    first.workspace.close()
    second = opened()
    install(second, cluster_id, JAR)
    second.workspace.close()
    assert opened().libraries(cluster_id) == ["PENDING"]


def test_all_statuses_are_those_of_now(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """C1: though nobody has looked at the cluster itself."""
    workspace.set_delays(Delays(cluster_start=60, library_install=30))
    cluster_id = admin.create()
    install(admin, cluster_id, JAR)
    seen = [told(admin)]
    for seconds in (60, 30):
        clock.advance(seconds)
        seen.append(told(admin))
    assert seen == [{cluster_id: [status]} for status in ("PENDING", "INSTALLING", "INSTALLED")]


def test_all_statuses_are_told_to_who_may_attach(owner: Client, stranger: Client) -> None:
    """B15: CAN_ATTACH_TO is enough."""
    cluster_id = installed(owner, JAR)
    owner.ask("PATCH", f"2.0/permissions/clusters/{cluster_id}", {"access_control_list": [
        {"user_name": "stranger@example.test", "permission_level": "CAN_ATTACH_TO"}]})
    assert told(stranger) == {cluster_id: ["INSTALLED"]}


def test_long_terminated_cluster_tells_no_statuses(admin: Client, clock: FakeClock) -> None:
    """B16: as it is not listed any more."""
    cluster_id = admin.create_terminated()
    install(admin, cluster_id, JAR)
    assert told(admin) == {cluster_id: ["PENDING"]}
    clock.advance(30 * DAY + 1)
    assert told(admin) == {}
