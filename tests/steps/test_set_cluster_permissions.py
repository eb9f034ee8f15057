from __future__ import annotations

import pytest

from sandbox.http.faults import Fault
from steps.create_or_edit_cluster import step as create_or_edit_cluster
from steps.set_cluster_permissions import step
from tests.steps.bench import PRODUCT_FILE, TEAM, Bench

ANNA = {"user_name": "Anna@Example.com", "permission_level": "CAN_RESTART"}
BOB = {"user_name": "bob@example.com", "permission_level": "CAN_RESTART"}
ME = "GET /api/2.0/preview/scim/v2/Me"


@pytest.fixture
def cluster_id(bench: Bench) -> str:
    bench.want_cluster()
    assert bench.run(create_or_edit_cluster) == 0
    bench.workspace.log.clear()
    return bench.cluster().cluster_id


def path(cluster_id: str) -> str:
    return f"/api/2.0/permissions/clusters/{cluster_id}"


def direct(bench: Bench, cluster_id: str) -> dict[str, str]:
    """The level of everyone who has a direct entry, by name."""
    from sandbox.databricks.permissions.access import CLUSTERS

    rows = bench.workspace.state.access.as_json(CLUSTERS, cluster_id)["access_control_list"]
    return {next(iter(row.values())): permission["permission_level"] for row in rows
            for permission in row["all_permissions"] if not permission["inherited"]}


def test_generated_list_becomes_the_exact_direct_list(bench: Bench, cluster_id: str,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    own = {bench.principal.client_id: "CAN_MANAGE"}
    assert direct(bench, cluster_id) == {"anna@example.com": "CAN_RESTART"} | own
    assert "permissions: 1 granted, 1 unchanged" in capsys.readouterr().out


def test_unchanged_list_sends_no_write(bench: Bench, cluster_id: str) -> None:
    bench.want_access(ANNA)
    bench.run(step, CLUSTER_ID=cluster_id)
    bench.workspace.log.clear()
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert bench.calls() == [f"GET {path(cluster_id)}", ME]


def test_who_left_the_config_loses_the_cluster(bench: Bench, cluster_id: str,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA, BOB)
    bench.run(step, CLUSTER_ID=cluster_id)
    bench.want_access(BOB)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert "anna@example.com" not in direct(bench, cluster_id)
    assert "revoke user 'anna@example.com' CAN_RESTART" in capsys.readouterr().out


def test_what_was_granted_by_hand_is_revoked(bench: Bench, cluster_id: str) -> None:
    bench.want_access(ANNA)
    bench.workspace.add_group("curious")
    with bench.workspace.state.lock:
        from sandbox.databricks.permissions.access import CLUSTERS

        by_hand = [{"group_name": "curious", "permission_level": "CAN_MANAGE"}]
        bench.workspace.state.access.change(CLUSTERS, cluster_id, by_hand, replace=False)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert "curious" not in direct(bench, cluster_id)


def test_list_that_would_lock_out_the_pipeline_is_refused(bench: Bench, cluster_id: str,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    bench.write("access_control_list.json", {"access_control_list": [ANNA]})
    assert bench.run(step, CLUSTER_ID=cluster_id) == 2
    own = f"the pipeline's own principal '{bench.principal.client_id}' would lose CAN_MANAGE"
    assert f"teams/data_science/workspaces.json: local.service_principals: {own}" in capsys.readouterr().out
    assert bench.writes() == []


def test_last_entry_decides_about_the_lock_out(bench: Bench, cluster_id: str) -> None:
    own = {"service_principal_name": bench.principal.client_id}
    entries = [own | {"permission_level": "CAN_MANAGE"}, own | {"permission_level": "CAN_RESTART"}]
    bench.write("access_control_list.json", {"access_control_list": entries})
    assert bench.run(step, CLUSTER_ID=cluster_id) == 2
    assert bench.writes() == []


def test_an_admin_keeps_control_by_inheritance(bench: Bench, cluster_id: str) -> None:
    bench.write("access_control_list.json", {"access_control_list": [ANNA]})
    by_token = {"ENTRA_CLIENT_SECRET": "", "DATABRICKS_TOKEN": bench.workspace.token}
    assert bench.run(step, CLUSTER_ID=cluster_id, **by_token) == 0


def test_unknown_person_is_named_with_the_file(bench: Bench, cluster_id: str,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    bench.write_config(PRODUCT_FILE, {"workspace_name": TEAM, "access_control_list": ["anna@x", "Nobody@example.com"]})
    bench.want_access({"user_name": "Nobody@example.com", "permission_level": "CAN_RESTART"})
    assert bench.run(step, CLUSTER_ID=cluster_id) == 2
    refused = "the workspace does not take it: 'Principal: UserName(Nobody@example.com) does not exist'"
    assert f"]cluster_and_libraries_config.json:5: {refused}" in capsys.readouterr().out
    assert bench.record()[-1]["result"].startswith("failed: ")


def test_lost_reply_of_the_write_is_repaired(bench: Bench, cluster_id: str) -> None:
    bench.want_access(ANNA)
    bench.workspace.faults.add(Fault(path(cluster_id), method="PUT", when="after"))
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0


def test_reads_that_lag_behind_the_write_are_waited_for(bench: Bench, cluster_id: str) -> None:
    import json

    from sandbox.databricks.permissions.access import CLUSTERS

    bench.want_access(ANNA)
    stale = json.dumps(bench.workspace.state.access.as_json(CLUSTERS, cluster_id)).encode()
    bench.workspace.faults.add(Fault(path(cluster_id), method="GET", status=200, body=stale, times=3))
    assert bench.run(step, CLUSTER_ID=cluster_id) == 0


def test_write_that_never_shows_is_an_error(bench: Bench, cluster_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA)
    bench.workspace.faults.add(Fault(path(cluster_id), method="PUT", status=200, body=b"{}"))
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    assert "left to do: grant user 'Anna@Example.com' CAN_RESTART" in capsys.readouterr().out


def test_cluster_that_was_deleted_meanwhile_is_told(bench: Bench, cluster_id: str,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    bench.by_hand("/api/2.1/clusters/permanent-delete", {"cluster_id": cluster_id})
    bench.want_access(ANNA)
    assert bench.run(step, CLUSTER_ID=cluster_id) == 1
    assert "it was deleted meanwhile, or never was; run the pipeline again" in capsys.readouterr().out


def test_missing_right_names_what_an_admin_must_do(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    (foreign,) = bench.workspace.add_foreign_clusters(1)
    bench.want_access(ANNA)
    assert bench.run(step, CLUSTER_ID=foreign) == 1
    assert "let a workspace admin give the pipeline's principal this right" in capsys.readouterr().out


def test_dry_run_counts_and_sends_no_write(bench: Bench, cluster_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA, BOB)
    assert bench.run(step, CLUSTER_ID=cluster_id, DRY_RUN="true") == 0
    assert bench.outputs(capsys.readouterr().out) == {"changes": "2"}
    assert bench.writes() == []


def test_dry_run_before_the_cluster_exists_plans_every_entry(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA)
    assert bench.run(step, CLUSTER_ID="$(create_or_edit_cluster.clusterId)", DRY_RUN="true") == 0
    assert bench.outputs(capsys.readouterr().out) == {"changes": "2"}


def test_dry_run_before_the_cluster_exists_sees_a_lock_out(bench: Bench) -> None:
    bench.write("access_control_list.json", {"access_control_list": [ANNA]})
    assert bench.run(step, DRY_RUN="true") == 2
    by_token = {"ENTRA_CLIENT_SECRET": "", "DATABRICKS_TOKEN": bench.workspace.token}
    assert bench.run(step, DRY_RUN="true", **by_token) == 0


def test_without_a_cluster_id_nothing_is_applied(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_access(ANNA)
    assert bench.run(step, CLUSTER_ID="$(create_or_edit_cluster.clusterId)") == 2
    assert "environment: CLUSTER_ID: variable 'create_or_edit_cluster.clusterId' is not defined" in \
        capsys.readouterr().out
