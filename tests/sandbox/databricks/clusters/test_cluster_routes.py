from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import RequestRefusedError
from tests.sandbox.databricks.conftest import SPEC, Client


def test_edit_replaces_everything_and_reads_back_every_field(admin: Client) -> None:
    """B5: an edit is a replacement."""
    cluster_id = admin.create_running(spark_conf={"a": "b"}, custom_tags={"t": "v"}, autotermination_minutes=30)
    changed = {**SPEC, "spark_env_vars": {"X": "1"}, "enable_elastic_disk": False}
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **changed)
    cluster = admin.cluster(cluster_id)
    assert {key: cluster[key] for key in changed} == changed
    assert ("spark_conf" in cluster, "custom_tags" in cluster, cluster["autotermination_minutes"]) == (False, False, 0)
    assert cluster["spec"] == changed


def test_refused_edit_changes_nothing(admin: Client) -> None:
    cluster_id = admin.create_running()
    assert admin.post("2.1/clusters/edit", cluster_id=cluster_id, **{**SPEC, "node_type_id": "x"}).status == 400
    assert (admin.state(cluster_id), admin.cluster(cluster_id)["spec"]) == ("RUNNING", SPEC)


def test_same_idempotency_token_gives_the_same_live_cluster(admin: Client) -> None:
    first = admin.create(idempotency_token="one")
    assert admin.create(idempotency_token="one") == first
    assert admin.create(idempotency_token="two") != first
    assert admin.create() != admin.create()


def test_idempotency_token_is_free_again_after_termination(admin: Client) -> None:
    first = admin.create_terminated(idempotency_token="one")
    assert admin.create(idempotency_token="one") != first


def test_idempotency_token_does_not_give_a_cluster_on_its_way_down(admin: Client) -> None:
    first = admin.create_running(idempotency_token="one")
    admin.post("2.1/clusters/delete", cluster_id=first)
    assert admin.create(idempotency_token="one") != first


def test_idempotency_token_does_not_come_back_with_a_start(admin: Client) -> None:
    first = admin.create_terminated(idempotency_token="one")
    admin.post("2.1/clusters/start", cluster_id=first)
    assert admin.create(idempotency_token="one") != first


def test_long_idempotency_token_is_refused(admin: Client) -> None:
    replies = [admin.post("2.1/clusters/create", **SPEC, idempotency_token="x" * length) for length in (64, 65)]
    assert [reply.status for reply in replies] == [200, 400]


def test_two_clusters_may_share_a_name(admin: Client) -> None:
    """B8: names are not unique, so who looks for one by its name finds both."""
    made = {admin.create(), admin.create()}
    rows = admin.get("2.1/clusters/list").body["clusters"]
    assert ({row["cluster_id"] for row in rows if row["cluster_name"] == "ours"}, len(made)) == (made, 2)


def test_user_without_the_entitlement_creates_no_cluster(stranger: Client) -> None:
    """B17: not every caller may create."""
    reply = stranger.post("2.1/clusters/create", **SPEC)
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


_CALLS: dict[str, dict[str, Any]] = {
    "restart": {}, "start": {}, "edit": SPEC, "resize": {"num_workers": 1}, "update": {"update_mask": "cluster_name"},
    "delete": {}, "permanent-delete": {},
}


@pytest.mark.parametrize(("level", "refused"), [
    ("CAN_ATTACH_TO", set(_CALLS)), ("CAN_RESTART", set(_CALLS) - {"restart", "start"}), ("CAN_MANAGE", set()),
])
@pytest.mark.parametrize("action", _CALLS)
def test_each_level_allows_what_it_says(
        owner: Client, stranger: Client, level: str, refused: set[str], action: str) -> None:
    """B15: start needs CAN_RESTART, edit and delete need CAN_MANAGE."""
    cluster_id = owner.create_running()
    owner.ask("PATCH", f"2.0/permissions/clusters/{cluster_id}", {"access_control_list": [
        {"user_name": "stranger@example.test", "permission_level": level}]})
    assert stranger.get("2.1/clusters/get", cluster_id=cluster_id).status == 200
    reply = stranger.post(f"2.1/clusters/{action}", cluster_id=cluster_id, **_CALLS[action])
    assert (reply.status == 403) == (action in refused)


def test_init_script_of_the_machine_asks_for_a_container(admin: Client) -> None:
    """https://github.com/databrickslabs/dbx/issues/686"""
    body = {**SPEC, "init_scripts": [{"file": {"destination": "file:/a.sh"}}]}
    reply = admin.post("2.1/clusters/create", **body)
    assert (reply.code, reply.message[:17]) == ("INVALID_PARAMETER_VALUE", "File init scripts")
    assert admin.post("2.1/clusters/create", **body, docker_image={"url": "x"}).status == 200


def test_stranger_sees_nothing_of_a_cluster(owner: Client, stranger: Client) -> None:
    """B15, B17: a caller without any right gets the 403."""
    cluster_id = owner.create()
    reply = stranger.get("2.1/clusters/get", cluster_id=cluster_id)
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")
    assert reply.message.startswith(f"stranger@example.test does not have Attach permissions on {cluster_id}")
    assert stranger.get("2.1/clusters/list").body == {}


def test_permanent_delete_removes_the_cluster(admin: Client) -> None:
    """B6: afterwards get knows it no more, and list omits it."""
    cluster_id = admin.create_running()
    assert admin.post("2.1/clusters/permanent-delete", cluster_id=cluster_id).status == 200
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).message == f"Cluster {cluster_id} does not exist"
    assert admin.get("2.1/clusters/list").body == {}


def test_pinned_cluster_is_not_deleted_for_good_until_unpinned(admin: Client) -> None:
    """B6: a pinned cluster is refused."""
    cluster_id = admin.create_running()
    assert admin.post("2.1/clusters/pin", cluster_id=cluster_id).status == 200
    refused = admin.post("2.1/clusters/permanent-delete", cluster_id=cluster_id)
    assert (refused.status, refused.code) == (400, "INVALID_PARAMETER_VALUE")
    assert ("unpin the cluster first" in refused.message, admin.state(cluster_id)) == (True, "RUNNING")
    admin.post("2.1/clusters/unpin", cluster_id=cluster_id)
    assert admin.post("2.1/clusters/permanent-delete", cluster_id=cluster_id).status == 200


def test_clone_takes_the_libraries_of_its_source(admin: Client) -> None:
    source = admin.create_running()
    admin.post("2.0/libraries/install", cluster_id=source, libraries=[{"jar": "dbfs:/a.jar"}])
    admin.post("2.0/libraries/install", cluster_id=source, libraries=[{"jar": "dbfs:/b.jar"}])
    admin.post("2.0/libraries/uninstall", cluster_id=source, libraries=[{"jar": "dbfs:/b.jar"}])
    clone = admin.create_running(clone_from={"source_cluster_id": source})
    rows = admin.get("2.0/libraries/cluster-status", cluster_id=clone).body["library_statuses"]
    assert [(row["library"], row["status"]) for row in rows] == [({"jar": "dbfs:/a.jar"}, "INSTALLING")]


def test_what_only_the_request_is_about_is_not_told(admin: Client) -> None:
    """B5: fields that are consumed by a create or an edit are none of the cluster."""
    source = admin.create_terminated()
    cluster_id = admin.create_running(idempotency_token="one", clone_from={"source_cluster_id": source})
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **SPEC, apply_policy_default_values=True)
    edited, = admin.post("2.1/clusters/events", cluster_id=cluster_id, event_types=["EDITED"]).body["events"]
    consumed = {"idempotency_token", "clone_from", "apply_policy_default_values"}
    assert not consumed & (admin.cluster(cluster_id).keys() | edited["details"]["previous_attributes"].keys())
    assert edited["details"]["attributes"] == SPEC


def test_strict_mode_refuses_a_typing_error_in_a_create(strict_workspace: Workspace) -> None:
    """B13: strict mode refuses an unknown key with its path."""
    reply = Client(strict_workspace, strict_workspace.token).post("2.1/clusters/create", **SPEC, spark_config={})
    assert (reply.status, "'spark_config'" in reply.message) == (400, True)


def test_default_mode_swallows_a_typing_error(admin: Client) -> None:
    """B13: the default mode ignores an unknown key."""
    assert "spark_config" not in admin.cluster(admin.create(spark_config={}))


@pytest.mark.parametrize("operation", ["create", "edit", "update", "events"])
def test_request_of_more_than_ten_megabytes_is_refused(admin: Client, operation: str) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        admin.post(f"2.1/clusters/{operation}", cluster_name="x" * 10 * 1024 * 1024)
    assert refused.value.status == 413


def test_request_of_ten_megabytes_is_read(admin: Client) -> None:
    name = "x" * (10 * 1024 * 1024 - len(json.dumps({"cluster_id": ""})))
    assert admin.post("2.1/clusters/delete", cluster_id=name).message.startswith("Cluster xxx")
