from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.policies.conftest import MakePolicy

LOOSE: dict[str, Any] = {"num_workers": {"type": "unlimited"}}
TIGHT = {"num_workers": {"type": "range", "maxValue": 1, "defaultValue": 1},
         "spark_conf.a": {"type": "fixed", "value": True}, "custom_tags.b": {"type": "forbidden"}}
PATHS = {"num_workers", "spark_conf.a", "custom_tags.b"}


@pytest.fixture
def strayed(admin: Client, make_policy: MakePolicy) -> str:
    """The id of a running cluster whose policy became tighter."""
    policy_id = make_policy(LOOSE)
    cluster_id = admin.create_running(policy_id=policy_id, custom_tags={"b": "c"})
    edited = admin.post("2.0/policies/clusters/edit", policy_id=policy_id, name="ours", definition=json.dumps(TIGHT))
    assert edited.status == 200
    return cluster_id


def compliance(client: Client, cluster_id: str) -> dict[str, Any]:
    return dict(client.get("2.0/policies/clusters/get-compliance", cluster_id=cluster_id).body)


def enforce(client: Client, cluster_id: str, **fields: Any) -> Reply:
    return client.post("2.0/policies/clusters/enforce-compliance", cluster_id=cluster_id, **fields)


def test_cluster_strays_when_its_policy_changes(admin: Client, strayed: str) -> None:
    told = compliance(admin, strayed)
    assert (told["is_compliant"], told["violations"].keys()) == (False, PATHS)


def test_cluster_without_policy_is_compliant(admin: Client) -> None:
    assert compliance(admin, admin.create()) == {"is_compliant": True, "violations": {}}


def test_enforcing_puts_the_cluster_right(admin: Client, strayed: str) -> None:
    body = enforce(admin, strayed).body
    assert body["has_changes"] is True
    assert {row["field"]: (row["previous_value"], row["new_value"]) for row in body["changes"]} == {
        "num_workers": ("2", "1"), "spark_conf.a": ("null", '"true"'), "custom_tags.b": ('"c"', "null")}
    cluster = admin.cluster(strayed)
    assert (cluster["state"], cluster["num_workers"], cluster["spark_conf"]) == ("RESTARTING", 1, {"a": "true"})
    assert compliance(admin, strayed)["is_compliant"] is True


def test_preview_changes_nothing(admin: Client, strayed: str) -> None:
    assert enforce(admin, strayed, validate_only=True).body["has_changes"] is True
    assert (admin.state(strayed), compliance(admin, strayed)["is_compliant"]) == ("RUNNING", False)


def test_compliant_cluster_is_left_alone(admin: Client) -> None:
    cluster_id = admin.create_running()
    assert enforce(admin, cluster_id).body == {"has_changes": False, "changes": []}
    assert admin.state(cluster_id) == "RUNNING"


def test_what_waits_for_a_termination_is_not_modelled(admin: Client, strayed: str) -> None:
    assert enforce(admin, strayed, enforce_mode="WAIT_FOR_TERMINATION").code == "NOT_IMPLEMENTED"


def test_clusters_of_a_policy_are_listed_in_pages(admin: Client, strayed: str) -> None:
    policy_id = admin.cluster(strayed)["policy_id"]
    admin.create(policy_id=policy_id, num_workers=1, spark_conf={"a": "true"})
    path = "2.0/policies/clusters/list-compliance"
    first = admin.get(path, policy_id=policy_id, page_size="1").body
    rest = admin.get(path, policy_id=policy_id, page_size="1", page_token=first["next_page_token"]).body
    assert [row["is_compliant"] for row in first["clusters"] + rest["clusters"]] == [False, True]
    assert rest["next_page_token"] == ""


@pytest.mark.parametrize("query", [{}, {"policy_id": "p", "page_token": "x"}])
def test_bad_list_is_refused(admin: Client, query: dict[str, str]) -> None:
    assert admin.get("2.0/policies/clusters/list-compliance", **query).status in {400, 404}


def test_list_is_for_admins_and_enforcing_for_managers(stranger: Client, strayed: str) -> None:
    reply = stranger.get("2.0/policies/clusters/list-compliance", policy_id="p")
    assert (reply.code, reply.message) == (
        "PERMISSION_DENIED", "Only admin users can list the compliance of clusters.")
    assert enforce(stranger, strayed).code == "PERMISSION_DENIED"


def test_there_is_nothing_pending_to_cancel(admin: Client, stranger: Client, strayed: str) -> None:
    path = "2.0/policies/clusters:cancelPendingClusterEnforcement"
    assert admin.post(path, cluster_id=strayed).status == 404
    assert admin.post(path, cluster_id=strayed, allow_missing=True).body == {}
    assert stranger.post(path, cluster_id=strayed).code == "PERMISSION_DENIED"
