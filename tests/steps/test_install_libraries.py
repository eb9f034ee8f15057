from __future__ import annotations

import pytest

from sandbox.databricks.delays import Delays
from sandbox.http.faults import Fault
from steps.create_or_edit_cluster import step as create_or_edit_cluster
from steps.install_libraries import step
from tests.steps.bench import Bench

STATUS = "GET /api/2.0/libraries/cluster-status"
INSTALL, UNINSTALL = "POST /api/2.0/libraries/install", "POST /api/2.0/libraries/uninstall"
JAR = {"jar": "/Volumes/main/libs/a.jar"}


@pytest.fixture
def cluster_id(bench: Bench) -> str:
    bench.want_cluster()
    assert bench.run(create_or_edit_cluster) == 0
    bench.workspace.log.clear()
    return bench.cluster().cluster_id


def states(bench: Bench) -> dict[str, str]:
    """The state of each library on the cluster, by its requirement."""
    libraries = bench.cluster().libraries
    return {row["library"]["pypi"]["package"]: row["status"] for row in (*libraries.wanted(), *libraries.leaving())}


def installed(bench: Bench, cluster_id: str, *packages: str) -> None:
    """Run the step for `packages` and forget what was sent."""
    bench.want_libraries(*packages)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    bench.workspace.log.clear()


def restart(bench: Bench, cluster_id: str) -> None:
    bench.by_hand("/api/2.1/clusters/restart", {"cluster_id": cluster_id})
    assert bench.run(create_or_edit_cluster) == 0
    bench.workspace.log.clear()


def test_new_libraries_are_installed_and_waited_for(bench: Bench, cluster_id: str,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_libraries("pandas==2.2.3", "numpy==2.0.0")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert states(bench) == {"pandas==2.2.3": "INSTALLED", "numpy==2.0.0": "INSTALLED"}
    out = capsys.readouterr().out
    assert "0 s  0 of 2 installed" in out
    assert "libraries: 2 installed" in out


def test_unchanged_libraries_send_no_write(bench: Bench, cluster_id: str) -> None:
    installed(bench, cluster_id, "pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.calls() == [STATUS]


def test_removed_library_waits_for_a_restart_and_is_reported(bench: Bench, cluster_id: str,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    installed(bench, cluster_id, "pandas==2.2.3", "numpy==2.0.0")
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == [UNINSTALL]
    assert "library pypi numpy==2.0.0 is removed, and stays until the cluster is restarted" in capsys.readouterr().out


def test_removal_is_not_sent_twice(bench: Bench, cluster_id: str) -> None:
    installed(bench, cluster_id, "numpy==2.0.0")
    installed(bench, cluster_id)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == []


def test_other_version_waits_for_a_restart_and_comes_with_it(bench: Bench, cluster_id: str,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    installed(bench, cluster_id, "pandas==2.1.0")
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == [UNINSTALL, INSTALL]
    assert "library pypi pandas==2.2.3 waits for a restart of the cluster" in capsys.readouterr().out
    restart(bench, cluster_id)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert states(bench) == {"pandas==2.2.3": "INSTALLED"}
    assert bench.writes() == []


def test_other_version_is_not_sent_twice_while_it_waits(bench: Bench, cluster_id: str) -> None:
    installed(bench, cluster_id, "pandas==2.1.0")
    installed(bench, cluster_id, "pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == []


def test_library_that_was_removed_and_added_again_is_reported_and_survives(
        bench: Bench, cluster_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    installed(bench, cluster_id, "pandas==2.2.3")
    installed(bench, cluster_id)
    installed(bench, cluster_id, "pandas==2.2.3")
    assert "library pypi pandas==2.2.3 waits for a restart" in capsys.readouterr().out
    restart(bench, cluster_id)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert states(bench) == {"pandas==2.2.3": "INSTALLED"}


def test_failed_library_ends_with_its_own_message(bench: Bench, cluster_id: str,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    bench.workspace.fail_library("panda", "No matching distribution found for panda==9")
    bench.write_config("teams/data_science/libraries.json", {"pypi": ["numpy==2.0.0", "Panda == 9"]})
    bench.want_libraries("numpy==2.0.0", "panda==9")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    assert ("teams/data_science/libraries.json:4: pypi panda==9: could not be installed: "
            "'No matching distribution found for panda==9'") in capsys.readouterr().out
    assert states(bench)["numpy==2.0.0"] == "INSTALLED"


def test_failed_library_can_be_removed(bench: Bench, cluster_id: str) -> None:
    bench.workspace.fail_library("panda", "no")
    bench.want_libraries("panda==9")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    bench.want_libraries()
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0


def test_old_failure_is_given_a_moment_when_a_library_is_tried_again(bench: Bench, cluster_id: str) -> None:
    bench.workspace.fail_library("panda", "index is down")
    bench.want_libraries("panda==9")
    bench.run(step, CLUSTER_ID=cluster_id)
    before = bench.clock.seconds
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    assert 10 <= bench.clock.seconds - before < 30


def test_library_of_all_clusters_is_left_alone(bench: Bench, cluster_id: str) -> None:
    bench.workspace.state.libraries_for_all_clusters.append(JAR)
    bench.want_libraries()
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == []


def test_stopped_cluster_is_not_waited_for(bench: Bench, cluster_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench.by_hand("/api/2.1/clusters/delete", {"cluster_id": cluster_id})
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert "pandas==2.2.3 is installed when the cluster is started; it is stopped now" in capsys.readouterr().out


def test_installation_that_never_ends_is_given_up(bench: Bench, cluster_id: str,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    bench.workspace.set_delays(Delays(library_install=1e9))
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    assert "not installed after 1200 s: pypi pandas==2.2.3" in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["install", "uninstall"])
def test_lost_reply_does_nothing_twice(bench: Bench, cluster_id: str, lost: str) -> None:
    installed(bench, cluster_id, "numpy==2.0.0")
    bench.workspace.faults.add(Fault(f"*/libraries/{lost}", when="after"))
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert states(bench) == {"pandas==2.2.3": "INSTALLED", "numpy==2.0.0": "UNINSTALL_ON_RESTART"}


def test_killed_between_uninstall_and_install_the_next_run_finishes(bench: Bench, cluster_id: str) -> None:
    installed(bench, cluster_id, "numpy==2.0.0")
    bench.want_libraries("pandas==2.2.3")
    bench.workspace.faults.add(Fault("*/libraries/install", status=500))
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    bench.workspace.log.clear()
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.writes() == [INSTALL]


def test_list_that_the_workspace_refuses_names_the_file(bench: Bench, cluster_id: str,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    bench.write("libraries.json", {"libraries": [{"jar": "/a.jar", "pypi": {"package": "a"}}]})
    assert bench.run(step, CLUSTER_ID=cluster_id) == 2
    assert "cluster_and_libraries_config.json: libraries: the workspace refused the list" in capsys.readouterr().out


def test_dry_run_counts_and_sends_no_write(bench: Bench, cluster_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    installed(bench, cluster_id, "numpy==2.0.0")
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, CLUSTER_ID=cluster_id, DRY_RUN="true") == 0
    assert bench.outputs(capsys.readouterr().out) == {"changes": "2"}
    assert bench.writes() == []


def test_dry_run_before_the_cluster_exists_plans_all(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_libraries("pandas==2.2.3")
    assert bench.run(step, DRY_RUN="true") == 0
    assert bench.outputs(capsys.readouterr().out) == {"changes": "1"}
    assert bench.calls() == []
