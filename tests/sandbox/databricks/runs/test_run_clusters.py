"""The clusters that runs make for themselves, start, or lose."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, start, start_new

SHARED = {"new_cluster": None, "job_cluster_key": "shared"}
JOB_CLUSTERS = [{"job_cluster_key": "shared", "new_cluster": NEW_CLUSTER}]


def clusters(client: Client) -> list[dict[str, Any]]:
    return list(client.get("2.1/clusters/list").body.get("clusters", ()))


def on(cluster_id: str) -> dict[str, Any]:
    return task(new_cluster=None, existing_cluster_id=cluster_id)


def test_cluster_of_a_run_is_listed_while_it_lasts(admin: Client) -> None:
    run_id = start_new(admin, tags={"team": "a"})
    row = clusters(admin)[0]
    assert (row["cluster_source"], row["custom_tags"]) == ("JOB", {"team": "a"})
    assert str(run_id) in row["cluster_name"]
    assert look(admin, run_id)["tasks"][0]["cluster_instance"]["cluster_id"] == row["cluster_id"]
    finish(admin, run_id)
    assert clusters(admin) == []


def test_cluster_of_a_run_is_tagged_with_its_job_and_run(admin: Client) -> None:
    job_id = create_job(admin, name="nightly", tags={"team": "a"})
    start(admin, job_id)
    tags = clusters(admin)[0]["default_tags"]
    assert (tags["RunName"], tags["JobId"], "team" in tags) == ("nightly", str(job_id), False)


def test_cluster_of_a_run_is_seen_by_whom_it_runs_as_and_not_by_all(
        workspace: Workspace, owner: Client, stranger: Client) -> None:
    run_id = start_new(owner)
    assert (len(clusters(owner)), clusters(stranger)) == (1, [])
    finish(owner, run_id)
    whose = workspace.add_user("owner@example.test")
    assert workspace.state.access.granted_to(CLUSTERS, [whose]) == set()


def test_tasks_share_a_job_cluster(admin: Client) -> None:
    start_new(admin, tasks=[task("a", **SHARED), task("b", **SHARED)], job_clusters=JOB_CLUSTERS)
    assert len(clusters(admin)) == 1


def test_tasks_with_clusters_of_their_own_have_one_each(admin: Client) -> None:
    start_new(admin, tasks=[task("a"), task("b")])
    assert len(clusters(admin)) == 2


@pytest.mark.parametrize(("action", "body", "code", "why"), [
    ("start", {}, "INVALID_STATE", "made by a job run"),
    ("edit", {**NEW_CLUSTER, "num_workers": 2}, "INVALID_PARAMETER_VALUE", "created by JobLauncher"),
    ("resize", {"num_workers": 2}, "INVALID_STATE", "made by a job run"),
])
def test_cluster_of_a_run_is_not_changed_by_others(
        admin: Client, action: str, body: dict[str, Any], code: str, why: str) -> None:
    """B16: the cluster of a job cannot be started or edited."""
    run_id = start_new(admin)
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    cluster_id = clusters(admin)[0]["cluster_id"]
    reply = admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id, **body)
    assert (reply.code, why in reply.message) == (code, True)


def test_cancelled_run_leaves_no_cluster(admin: Client) -> None:
    run_id = start_new(admin)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    finish(admin, run_id)
    assert clusters(admin) == []


def test_stopped_cluster_is_started_for_a_run_and_stays(admin: Client) -> None:
    cluster_id = admin.create_terminated()
    run = finish(admin, start_new(admin, tasks=[on(cluster_id)]))
    assert run["state"]["result_state"] == "SUCCESS"
    assert admin.state(cluster_id) == "RUNNING"
    assert run["tasks"][0]["cluster_instance"]["cluster_id"] == cluster_id


def test_stopped_cluster_is_started_for_a_run_only_once(workspace: Workspace, admin: Client) -> None:
    cluster_id = admin.create_terminated()
    workspace.fail_next_start(TerminationReason("CLOUD_PROVIDER_LAUNCH_FAILURE", "CLOUD_FAILURE"))
    details = finish(admin, start_new(admin, tasks=[on(cluster_id)]))["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("CLUSTER_ERROR", "CLOUD_FAILURE")
    assert admin.state(cluster_id) == "TERMINATED"


def test_run_on_a_cluster_that_is_gone_fails(admin: Client) -> None:
    cluster_id = admin.create_running()
    job_id = create_job(admin, tasks=[on(cluster_id)])
    admin.post("2.1/clusters/permanent-delete", cluster_id=cluster_id)
    run = finish(admin, start(admin, job_id))
    assert run["state"]["result_state"] == "FAILED"
    assert cluster_id in run["state"]["state_message"]


def test_restart_of_the_cluster_kills_what_runs_on_it(admin: Client) -> None:
    cluster_id = admin.create_running()
    run_id = start_new(admin, tasks=[on(cluster_id)])
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    details = finish(admin, run_id)["tasks"][0]["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("CLUSTER_TERMINATED_BY_USER", "CLIENT_ERROR")


def test_cluster_that_a_task_runs_on_is_not_idle(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=3600))
    run_id = start_new(admin, tasks=[on(admin.create_running(autotermination_minutes=10))])
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    clock.advance(1800)
    assert life(admin, run_id) == "RUNNING"


def test_cluster_that_a_user_stops_before_it_is_up_fails_the_run(admin: Client) -> None:
    run_id = start_new(admin)
    admin.post("2.1/clusters/delete", cluster_id=clusters(admin)[0]["cluster_id"])
    details = finish(admin, run_id)["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("CLUSTER_ERROR", "CLIENT_ERROR")


def test_dedicated_cluster_runs_nothing_for_anybody_else(admin: Client) -> None:
    cluster_id = admin.create_running(data_security_mode="SINGLE_USER", single_user_name="anna@example.test")
    task_run, = finish(admin, start_new(admin, tasks=[on(cluster_id)]))["tasks"]
    assert task_run["state"]["state_message"] == (
        "PERMISSION_DENIED: Single-user check failed: user 'admin@example.test' attempted to run a command on "
        f"single-user cluster {cluster_id}, but the single user of this cluster is 'anna@example.test'")
    assert (task_run["state"]["result_state"], task_run["status"]["termination_details"]["code"]) == (
        "FAILED", "UNAUTHORIZED_ERROR")


def test_dedicated_cluster_of_a_run_is_that_of_whom_it_runs_as(admin: Client) -> None:
    dedicated = {**NEW_CLUSTER, "data_security_mode": "SINGLE_USER"}
    run = finish(admin, start_new(admin, tasks=[task(new_cluster=dedicated)]))
    assert run["state"]["result_state"] == "SUCCESS"


def test_active_runs_tell_which_cluster_they_are_on(admin: Client) -> None:
    cluster_id = admin.create_running()
    run_id = start_new(admin, tasks=[on(cluster_id)])
    body = admin.get("2.2/jobs/runs/list", active_only="true", expand_tasks="true").body
    assert [(row["run_id"], row["tasks"][0]["existing_cluster_id"]) for row in body["runs"]] == [(run_id, cluster_id)]


def test_run_without_compute_needs_a_serverless_workspace(workspace: Workspace, admin: Client) -> None:
    workspace.state.serverless = True
    run = finish(admin, start_new(admin, tasks=[task(new_cluster=None)]))
    assert run["state"]["result_state"] == "SUCCESS"
    assert "cluster_instance" not in run["tasks"][0]
