"""The way of a library over restarts, beside others, and where installing takes time."""
from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.libraries.calls import (
    JAR,
    NUMPY,
    OTHER,
    OTHER_PANDAS,
    PANDAS,
    install,
    installed,
    installed_beside,
    restart,
    rows,
    uninstall,
)


def test_uninstalled_library_stays_until_the_restart_and_is_shown_last(admin: Client) -> None:
    """C2, C6: UNINSTALL_ON_RESTART survives until the restart, behind the rest."""
    cluster_id = installed(admin, PANDAS, JAR)
    uninstall(admin, cluster_id, PANDAS)
    assert [(row["library"], row["status"]) for row in rows(admin, cluster_id)] == [
        (JAR, "INSTALLED"), (PANDAS, "UNINSTALL_ON_RESTART")]
    restart(admin, cluster_id)
    assert [row["library"] for row in rows(admin, cluster_id)] == [JAR]


def test_uninstalled_library_is_gone_after_a_stop_and_a_start_too(admin: Client) -> None:
    cluster_id = installed(admin, PANDAS, JAR)
    uninstall(admin, cluster_id, PANDAS)
    for action, states in (("delete", ["TERMINATING", "TERMINATED"]), ("start", ["PENDING", "RUNNING"])):
        admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id)
        assert [admin.state(cluster_id) for _ in range(2)] == states
    assert [row["library"] for row in rows(admin, cluster_id)] == [JAR]


def test_restart_installs_everything_again(admin: Client) -> None:
    """C7: statuses go through INSTALLING after a restart."""
    cluster_id = installed(admin, PANDAS)
    restart(admin, cluster_id)
    assert [admin.libraries(cluster_id) for _ in range(2)] == [["INSTALLING"], ["INSTALLED"]]


def test_readding_a_library_on_its_way_out_takes_effect_with_the_restart(admin: Client) -> None:
    cluster_id = installed(admin, PANDAS)
    uninstall(admin, cluster_id, PANDAS)
    install(admin, cluster_id, PANDAS)
    assert admin.libraries(cluster_id) == ["UNINSTALL_ON_RESTART"]
    restart(admin, cluster_id)
    assert admin.libraries(cluster_id) == ["INSTALLING"]


@pytest.mark.parametrize(("runtime", "status"), [("15.4.x-scala2.12", "SKIPPED"), ("custom:ours", "INSTALLED")])
def test_library_for_all_clusters_is_marked_and_skipped_by_new_runtimes(
        workspace: Workspace, admin: Client, runtime: str, status: str) -> None:
    workspace.state.libraries_for_all_clusters.append(JAR)
    assert rows(admin, admin.create_running(spark_version=runtime)) == [
        {"library": JAR, "status": status, "is_library_for_all_clusters": True}]
    assert rows(admin, admin.create()) == [{"library": JAR, "status": "PENDING", "is_library_for_all_clusters": True}]


def test_statuses_come_as_own_then_shared_then_leaving(workspace: Workspace, admin: Client) -> None:
    """C6: install entries first in insertion order, then removals."""
    workspace.state.libraries_for_all_clusters.append(JAR)
    cluster_id = installed_beside(admin, OTHER, PANDAS, NUMPY)
    uninstall(admin, cluster_id, OTHER)
    assert [row["library"] for row in rows(admin, cluster_id)] == [PANDAS, NUMPY, JAR, OTHER]


def test_package_is_resolved_before_it_is_installed_where_that_takes_time(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """C1: RESOLVING comes before INSTALLING; for files there is nothing to resolve."""
    workspace.set_delays(Delays(library_resolve=5, library_install=10))
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS, OTHER)
    seen = []
    for seconds in (0, 5, 5, 5):
        clock.advance(seconds)
        seen.append(admin.libraries(cluster_id))
    assert seen == [["RESOLVING", "INSTALLING"], ["INSTALLING", "INSTALLING"], ["INSTALLING", "INSTALLED"],
                    ["INSTALLED", "INSTALLED"]]


def test_installation_a_stop_interrupts_waits_for_the_next_start(admin: Client) -> None:
    """C1, C7: what was not ready is installed anew."""
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS)
    admin.post("2.1/clusters/delete", cluster_id=cluster_id)
    assert [admin.libraries(cluster_id) for _ in range(2)] == [["PENDING"], ["PENDING"]]


def test_other_version_of_a_package_that_is_being_resolved_fails(workspace: Workspace, admin: Client) -> None:
    """C3: whichever came first is the one that is installed."""
    workspace.set_delays(Delays(library_resolve=5))
    cluster_id = admin.create_running()
    install(admin, cluster_id, PANDAS)
    install(admin, cluster_id, OTHER_PANDAS)
    assert admin.libraries(cluster_id) == ["RESOLVING", "FAILED"]
