from __future__ import annotations

from typing import Any

import pytest

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
    restart,
    rows,
    uninstall,
)


def test_install_is_asynchronous(admin: Client) -> None:
    """C1: INSTALLING comes before INSTALLED."""
    cluster_id = installed(admin, PANDAS, JAR)
    assert [row["library"] for row in rows(admin, cluster_id)] == [PANDAS, JAR]


def test_with_a_delay_only_time_installs() -> None:
    clock = FakeClock()
    workspace = Workspace("dev", tenant=Tenant(), clock=clock, delays=Delays(library_install=30))
    client = Client(workspace, workspace.token)
    cluster_id = client.create_running()
    install(client, cluster_id, PANDAS)
    assert [client.libraries(cluster_id) for _ in range(3)] == [["INSTALLING"]] * 3
    clock.advance(30)
    assert client.libraries(cluster_id) == ["INSTALLED"]


def test_install_on_a_cluster_that_is_not_up_waits_for_it(admin: Client) -> None:
    """C1: on a stopped cluster it stays PENDING until the start."""
    cluster_id = admin.create_terminated()
    install(admin, cluster_id, PANDAS)
    assert admin.libraries(cluster_id) == ["PENDING"]
    admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert admin.state(cluster_id) == "PENDING"
    assert [admin.libraries(cluster_id) for _ in range(2)] == [["INSTALLING"], ["INSTALLED"]]


def test_install_on_a_stopped_cluster_can_be_refused(workspace: Workspace, admin: Client) -> None:
    """C1: or is refused, where so switched."""
    workspace.state.installs_on_stopped = False
    clusters = [admin.create_terminated(), admin.create_running(), admin.create()]
    assert [install(admin, cluster_id, PANDAS).code for cluster_id in clusters] == ["INVALID_STATE", None, None]


def test_installing_the_same_again_changes_nothing(admin: Client) -> None:
    cluster_id = installed(admin, PANDAS)
    install(admin, cluster_id, PANDAS)
    assert admin.libraries(cluster_id) == ["INSTALLED"]


def test_another_version_of_an_installed_package_fails(admin: Client) -> None:
    """C3: another version of an installed package fails."""
    cluster_id = installed(admin, PANDAS)
    install(admin, cluster_id, OTHER_PANDAS)
    assert admin.libraries(cluster_id) == ["INSTALLED", "FAILED"]
    assert rows(admin, cluster_id)[1]["messages"][0].startswith("ERROR_DUPLICATE_INSTALLATION: pandas is installed")


def test_the_other_version_comes_with_the_restart_after_the_old_one_left(admin: Client) -> None:
    cluster_id = installed(admin, PANDAS)
    uninstall(admin, cluster_id, PANDAS)
    install(admin, cluster_id, OTHER_PANDAS)
    assert admin.libraries(cluster_id) == ["FAILED", "UNINSTALL_ON_RESTART"]
    restart(admin, cluster_id)
    assert admin.libraries(cluster_id) == ["INSTALLING"]
    assert rows(admin, cluster_id)[0] == {
        "library": OTHER_PANDAS, "status": "INSTALLED", "is_library_for_all_clusters": False}


def test_uninstalling_what_is_not_there_is_ignored(admin: Client) -> None:
    """C2: what was never installed is ignored."""
    cluster_id = installed(admin, PANDAS)
    assert uninstall(admin, cluster_id, JAR).status == 200
    assert admin.libraries(cluster_id) == ["INSTALLED"]


def test_uninstall_on_a_stopped_cluster_is_done_at_once(admin: Client) -> None:
    cluster_id = admin.create_terminated()
    install(admin, cluster_id, PANDAS)
    uninstall(admin, cluster_id, PANDAS)
    assert admin.libraries(cluster_id) == []


def test_named_package_fails_with_its_message(workspace: Workspace, admin: Client) -> None:
    """C1: FAILED with its message can be brought about."""
    workspace.fail_library("pandas", "no matching distribution")
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS, JAR)
    assert admin.libraries(cluster_id) == ["INSTALLING", "INSTALLING"]
    assert rows(admin, cluster_id)[0]["messages"] == ["no matching distribution"]
    assert admin.libraries(cluster_id) == ["FAILED", "INSTALLED"]


def test_library_the_runtime_cannot_install_fails(admin: Client) -> None:
    cluster_id = admin.create_running()
    install(admin, cluster_id, {"egg": "dbfs:/a.egg"})
    assert admin.libraries(cluster_id) == ["FAILED"]


def test_install_needs_manage(owner: Client, stranger: Client) -> None:
    cluster_id = owner.create_running()
    owner.ask("PATCH", f"2.0/permissions/clusters/{cluster_id}", {"access_control_list": [
        {"user_name": "stranger@example.test", "permission_level": "CAN_RESTART"}]})
    reply = install(stranger, cluster_id, PANDAS)
    assert (reply.status, reply.message) == (
        403, "'Manage' permissions are required to install libraries on a cluster")
    assert stranger.libraries(cluster_id) == []


@pytest.mark.parametrize(("action", "status", "code"), [
    (install, 400, "INVALID_PARAMETER_VALUE"), (uninstall, 500, "INTERNAL_ERROR"),
])
def test_empty_list_is_refused(admin: Client, action: Any, status: int, code: str) -> None:
    """C4: an empty list is an error."""
    reply = action(admin, admin.create_running())
    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize("bad", [{"jar": "a", "whl": "b"}, {}], ids=["two", "none"])
def test_one_bad_entry_refuses_them_all(admin: Client, bad: dict[str, str]) -> None:
    """C4: an entry of two types, or of none, is an error, be it to install or to remove."""
    cluster_id = installed(admin, PANDAS)
    replies = [install(admin, cluster_id, JAR, bad), uninstall(admin, cluster_id, PANDAS, bad)]
    assert [(reply.status, reply.code) for reply in replies] == [(400, "INVALID_PARAMETER_VALUE")] * 2
    assert admin.libraries(cluster_id) == ["INSTALLED"]


def test_all_statuses_tell_only_of_visible_clusters(owner: Client, stranger: Client) -> None:
    cluster_id = installed(owner, PANDAS)
    assert [row["cluster_id"] for row in owner.get("2.0/libraries/all-cluster-statuses").body["statuses"]] == [
        cluster_id]
    assert stranger.get("2.0/libraries/all-cluster-statuses").body == {}
