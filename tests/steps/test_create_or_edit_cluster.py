from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.http.faults import Fault
from steps.create_or_edit_cluster import step
from steps.lib.cluster.cluster_plan import Action, choose, plan_for
from steps.lib.cluster.clusters import PAGE_SIZE, Cluster, Found
from steps.lib.errors import InputError
from tests.steps.bench import CLUSTER, OWN_TAGS, Bench

LIST, GET = "GET /api/2.1/clusters/list", "GET /api/2.1/clusters/get"
CREATE, EDIT, START = (f"POST /api/2.1/clusters/{verb}" for verb in ("create", "edit", "start"))
QUOTA = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLIENT_ERROR", {"azure_error_message": "no cores left"})


def made(bench: Bench, capsys: pytest.CaptureFixture[str], **changed: object) -> str:
    """Run the step once for a cluster that is there then, forget what was sent, and give its id."""
    bench.want_cluster(**changed)
    assert bench.run(step) == 0
    bench.workspace.log.clear()
    return bench.outputs(capsys.readouterr().out)["clusterId"]


def stop(bench: Bench) -> None:
    bench.by_hand("/api/2.1/clusters/delete", {"cluster_id": bench.cluster().cluster_id})


def cluster(state: str, **body: Any) -> Cluster:
    return Cluster({"cluster_id": "c-1", "state": state, **CLUSTER, **body})


@pytest.mark.parametrize(("state", "body", "action", "count"), [
    pytest.param("RUNNING", {}, Action.UNCHANGED, 0, id="running and equal"),
    pytest.param("RESIZING", {}, Action.UNCHANGED, 0, id="resizing and equal"),
    pytest.param("PENDING", {}, Action.UNCHANGED, 0, id="starting and equal"),
    pytest.param("RUNNING", {"autotermination_minutes": 10}, Action.EDIT, 1, id="running and other"),
    pytest.param("TERMINATED", {}, Action.START, 1, id="stopped and equal"),
    pytest.param("TERMINATING", {}, Action.START, 1, id="stopping and equal"),
    pytest.param("TERMINATED", {"autotermination_minutes": 10}, Action.EDIT_AND_START, 2, id="stopped and other"),
])
def test_plan_follows_state_and_difference(state: str, body: dict[str, Any], action: Action, count: int) -> None:
    plan = plan_for(CLUSTER, cluster(state, **body))
    assert (plan.action, plan.count) == (action, count)


def test_plan_to_create_shows_every_value() -> None:
    lines = plan_for(CLUSTER, None).lines
    assert lines[0] == "create: cluster 'local-churn-feature-x-1f3a9c02'"
    assert "  autoscale.max_workers: 4" in lines


def test_plan_to_edit_shows_what_was_and_what_will_be() -> None:
    lines = plan_for(CLUSTER, cluster("RUNNING", autotermination_minutes=600)).lines
    assert lines[1:] == ["  autotermination_minutes: 600 -> 60"]


def test_ours_is_chosen_although_a_namesake_exists() -> None:
    ours, other = cluster("RUNNING"), cluster("RUNNING", cluster_id="c-2", custom_tags={})
    assert choose(Found((ours,), (other,)), "n") is ours


def test_two_of_ours_are_refused_with_their_ids() -> None:
    copies = (cluster("RUNNING"), cluster("TERMINATED", cluster_id="c-2"))
    with pytest.raises(InputError, match=r"2 clusters carry the tags .* c-1 .* c-2 .*TERMINATED"):
        choose(Found(copies, ()), "n")


def test_absent_cluster_is_created_and_runs(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster()
    assert bench.run(step) == 0
    assert bench.cluster().state == "RUNNING"
    assert bench.cluster().spec["custom_tags"] == CLUSTER["custom_tags"]
    assert bench.writes() == [CREATE]
    assert bench.outputs(capsys.readouterr().out) == {"clusterId": bench.cluster().cluster_id}


def test_unchanged_cluster_is_not_edited(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cluster_id = made(bench, capsys)
    assert bench.run(step) == 0
    assert bench.calls() == [LIST, GET]
    out = capsys.readouterr().out
    assert bench.outputs(out) == {"clusterId": cluster_id}
    assert f"cluster {cluster_id} unchanged; it is RUNNING" in out


def test_changed_cluster_is_edited_once_and_runs_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    bench.want_cluster(autoscale={"min_workers": 1, "max_workers": 7})
    assert bench.run(step) == 0
    assert bench.writes() == [EDIT]
    assert (bench.cluster().state, bench.cluster().spec["autoscale"]["max_workers"]) == ("RUNNING", 7)
    assert "autoscale.max_workers: 4 -> 7" in capsys.readouterr().out


def test_value_that_was_removed_from_the_config_leaves_the_cluster(bench: Bench,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys, spark_conf={"spark.a": "1"})
    bench.want_cluster()
    assert bench.run(step) == 0
    assert "spark_conf" not in bench.cluster().spec


def test_stopped_cluster_is_started(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    stop(bench)
    assert bench.run(step) == 0
    assert bench.writes() == [START]
    assert bench.cluster().state == "RUNNING"


def test_stopped_and_changed_cluster_is_edited_and_started(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    stop(bench)
    bench.want_cluster(autotermination_minutes=90)
    assert bench.run(step) == 0
    assert bench.writes() == [EDIT, START]


def test_edit_waits_out_a_start_of_somebody_else(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cluster_id = made(bench, capsys)
    bench.by_hand("/api/2.1/clusters/restart", {"cluster_id": cluster_id})
    bench.want_cluster(autotermination_minutes=90)
    assert bench.run(step) == 0
    assert bench.writes() == [EDIT]


def test_edit_that_meets_another_state_is_tried_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    bench.want_cluster(autotermination_minutes=90)
    busy = b'{"error_code":"INVALID_STATE","message":"Cluster is in unexpected state Resizing."}'
    bench.workspace.faults.add(Fault("*/clusters/edit", status=400, body=busy, times=2))
    assert bench.run(step) == 0
    assert bench.writes() == [EDIT] * 3


def test_state_that_never_allows_the_edit_ends_with_an_error(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    bench.want_cluster(autotermination_minutes=90)
    busy = b'{"error_code":"INVALID_STATE","message":"stuck"}'
    bench.workspace.faults.add(Fault("*/clusters/edit", status=400, body=busy, times=None))
    assert bench.run(step) == 1
    assert bench.clock.seconds <= 20 * 60 + 10


@pytest.mark.parametrize("lost", ["create", "edit", "start"])
def test_lost_reply_does_nothing_twice(bench: Bench, capsys: pytest.CaptureFixture[str], lost: str) -> None:
    if lost != "create":
        made(bench, capsys)
    if lost == "start":
        stop(bench)
    bench.want_cluster(autotermination_minutes=60 if lost == "start" else 90)
    bench.workspace.faults.add(Fault(f"*/clusters/{lost}", when="after"))
    assert bench.run(step) == 0
    assert bench.cluster().state == "RUNNING"
    assert bench.cluster().spec["autotermination_minutes"] == (60 if lost == "start" else 90)


def test_two_runs_at_once_make_one_cluster(bench: Bench) -> None:
    bench.want_cluster()
    bench.workspace.faults.add(Fault("*/clusters/create", when="late", delay=0.05, times=2))
    with ThreadPoolExecutor() as pool:
        runs = [pool.submit(bench.run, step) for _ in range(2)]
        assert [run.result() for run in runs] == [0, 0]
    assert bench.cluster().state == "RUNNING"


def test_cluster_that_lost_our_tags_is_not_taken_back(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    own = {"cluster_id": bench.cluster().cluster_id, **CLUSTER}
    bench.by_hand("/api/2.1/clusters/edit", own | {"cluster_name": "mine", "custom_tags": {}})
    assert bench.run(step) == 2
    assert "was made for this branch and has other tags now" in capsys.readouterr().out
    assert bench.cluster().name == "mine"


def test_killed_after_create_the_next_run_goes_on_with_the_same_cluster(bench: Bench) -> None:
    bench.want_cluster()
    bench.workspace.faults.add(Fault("*/clusters/get", status=500, times=1))
    assert bench.run(step) == 1
    assert bench.run(step) == 0
    assert bench.cluster().state == "RUNNING"


def test_cluster_that_the_workspace_does_not_know_yet_is_waited_for(bench: Bench) -> None:
    bench.want_cluster()
    missing = b'{"error_code":"INVALID_PARAMETER_VALUE","message":"Cluster x does not exist"}'
    bench.workspace.faults.add(Fault("*/clusters/get", status=400, body=missing, times=2))
    assert bench.run(step) == 0


def test_failed_start_tells_the_reason_and_what_to_change(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster()
    bench.workspace.fail_next_start(QUOTA)
    assert bench.run(step) == 1
    out = capsys.readouterr().out
    assert "did not start, TERMINATED: AZURE_QUOTA_EXCEEDED_EXCEPTION (CLIENT_ERROR)" in out
    assert "azure_error_message='no cores left'" in out
    assert "choose another node type" in out
    assert bench.record()[0]["result"].startswith("failed: cluster 'local-churn")


def test_run_after_a_failed_start_tries_again(bench: Bench) -> None:
    bench.want_cluster()
    bench.workspace.fail_next_start(QUOTA)
    bench.run(step)
    assert bench.run(step) == 0
    assert bench.cluster().state == "RUNNING"


def test_cluster_that_never_comes_up_ends_with_its_state(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    from sandbox.databricks.delays import Delays

    bench.workspace.set_delays(Delays(cluster_start=1e9))
    bench.want_cluster()
    assert bench.run(step) == 1
    assert "still PENDING after 1200 s, expected RUNNING" in capsys.readouterr().out
    assert max(bench.clock.slept) <= 10


def test_foreign_cluster_of_our_name_is_left_alone(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    (foreign,) = bench.workspace.add_foreign_clusters(1, name=CLUSTER["cluster_name"])
    bench.want_cluster()
    assert bench.run(step) == 2
    out = capsys.readouterr().out
    assert foreign in out
    assert "let its owner rename or delete it, or rename the branch" in out
    assert bench.writes() == []


def test_cluster_of_another_branch_is_no_match(bench: Bench) -> None:
    bench.workspace.add_foreign_clusters(1, custom_tags=OWN_TAGS | {"branch": "feature/X"})
    bench.want_cluster()
    assert bench.run(step) == 0
    assert bench.writes() == [CREATE]


def test_two_of_ours_among_many_foreign_ones_are_found_page_by_page(bench: Bench,
                                                                    capsys: pytest.CaptureFixture[str]) -> None:
    bench.workspace.add_foreign_clusters(2000)
    bench.workspace.add_foreign_clusters(2, name="copy-{number}", custom_tags=OWN_TAGS)
    bench.want_cluster()
    assert bench.run(step) == 2
    assert "2 clusters carry the tags" in capsys.readouterr().out
    assert bench.calls() == [LIST] * (2002 // PAGE_SIZE + 1)


def test_bad_node_type_names_the_file_to_edit(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster(node_type_id="Standard_Nope")
    assert bench.run(step) == 2
    out = capsys.readouterr().out
    assert "cluster_and_libraries_config.json: cluster_parameters: the workspace refused it" in out
    assert "Standard_Nope" in out


def test_value_that_the_workspace_drops_is_warned_about_and_edited_only_once(
        bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made(bench, capsys)
    bench.workspace.state.strict = False
    bench.want_cluster(data_security_mode="USER_ISOLATIONS")
    assert bench.run(step) == 0
    assert bench.writes() == [EDIT]
    assert 'the workspace did not take data_security_mode: (none) -> "USER_ISOLATIONS"' in capsys.readouterr().out


@pytest.mark.parametrize(("changed", "warned"), [
    pytest.param({"data_security_mode": "SINGLE_USER"}, True, id="nobody named"),
    pytest.param({"data_security_mode": "SINGLE_USER", "single_user_name": "anna@example.com"}, False, id="named"),
    pytest.param({"data_security_mode": "USER_ISOLATION"}, False, id="standard"),
])
def test_dedicated_cluster_that_nobody_could_use_is_warned_about(
        bench: Bench, capsys: pytest.CaptureFixture[str], changed: dict[str, str], warned: bool) -> None:
    bench.want_cluster(**changed)
    assert bench.run(step) == 0
    assert ("who made the cluster, can run code on it" in capsys.readouterr().out) == warned


def test_dry_run_sends_no_write_and_counts_the_changes(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster()
    assert bench.run(step, DRY_RUN="True") == 0
    out = capsys.readouterr().out
    assert bench.writes() == []
    assert bench.outputs(out) == {"changes": "1"}
    assert "create: cluster 'local-churn-feature-x-1f3a9c02'" in out


def test_dry_run_of_an_unchanged_cluster_counts_none(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    cluster_id = made(bench, capsys)
    assert bench.run(step, DRY_RUN="true") == 0
    assert bench.outputs(capsys.readouterr().out) == {"changes": "0", "clusterId": cluster_id}
    assert bench.record()[-1]["result"] == "unchanged"


def test_wrong_credential_is_an_input_error_that_shows_no_secret(bench: Bench,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster()
    assert bench.run(step, ENTRA_CLIENT_SECRET="wr0ng-s3cret") == 2
    out = capsys.readouterr().out
    assert "variable group brickline-local: Entra gave no token: the client secret is wrong" in out
    assert "wr0ng-s3cret" not in out
    assert bench.calls() == []


def test_unreachable_workspace_is_a_service_error_that_names_it(bench: Bench,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster()
    bench.server.stop()
    assert bench.run(step) == 1
    out = capsys.readouterr().out
    assert f"cannot reach {bench.server.url}: [" in out
    assert "check the host in teams/data_science/workspaces.json" in out


def test_missing_generated_file_names_the_step_that_writes_it(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(step) == 2
    assert "generated/cluster_config.json: is missing" in capsys.readouterr().out
    assert bench.calls() == []


def test_configuration_without_our_tags_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.want_cluster(custom_tags={"repo": "churn"})
    assert bench.run(step) == 2
    assert "custom_tags: got ['repo'], expected" in capsys.readouterr().out


def test_every_missing_variable_is_named_at_once(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run(step, RUN_ID="", GENERATED_DIRECTORY="$(x)", DRY_RUN="maybe") == 2
    errors = [line for line in capsys.readouterr().out.splitlines() if "type=error" in line]
    assert [line.split("environment: ")[1].split(":")[0] for line in errors] == [
        "DRY_RUN", "GENERATED_DIRECTORY", "RUN_ID"]
