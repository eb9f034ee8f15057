from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import SPEC, Client, Reply
from tests.sandbox.databricks.policies.conftest import MakePolicy

OWNER, STRANGER = "owner@example.test", "stranger@example.test"
RULES = {"autotermination_minutes": {"type": "range", "maxValue": 60, "defaultValue": 30},
         "num_workers": {"type": "range", "maxValue": 4},
         "custom_tags.team": {"type": "fixed", "value": "data"}}
FITTING: dict[str, Any] = {"autotermination_minutes": 45}


def create(client: Client, policy_id: str, **changes: Any) -> Reply:
    return client.post("2.1/clusters/create", **{**SPEC, **FITTING, "policy_id": policy_id, **changes})


def test_cluster_that_keeps_to_its_policy_is_created(owner: Client, make_policy: MakePolicy) -> None:
    reply = create(owner, make_policy(RULES, user=OWNER))
    cluster = owner.cluster(reply.body["cluster_id"])
    assert (cluster["autotermination_minutes"], cluster["custom_tags"]) == (45, {"team": "data"})


def test_violations_are_one_combined_message(owner: Client, make_policy: MakePolicy) -> None:
    """B14: violations of a policy are refused in one combined message."""
    reply = create(owner, make_policy(RULES, user=OWNER), autotermination_minutes=90, num_workers=5)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message == (
        'Validation failed for autotermination_minutes, the value must be at most 60 (is "90"); '
        'Validation failed for num_workers, the value must be at most 4 (is "5")')


def test_defaults_are_filled_in_on_request_alone(owner: Client, make_policy: MakePolicy) -> None:
    """B14: apply_policy_default_values fills in what the request leaves out."""
    policy_id = make_policy(RULES, user=OWNER)
    without = create(owner, policy_id, autotermination_minutes=None)
    assert without.message == "Validation failed for autotermination_minutes, the value must be present"
    made = create(owner, policy_id, autotermination_minutes=None, apply_policy_default_values=True)
    assert owner.cluster(made.body["cluster_id"])["autotermination_minutes"] == 30


def test_fixed_values_must_be_sent_where_the_workspace_says_so(workspace: Workspace, owner: Client,
                                                               make_policy: MakePolicy) -> None:
    workspace.state.policies_fill_fixed_values = False
    policy_id = make_policy(RULES, user=OWNER)
    assert create(owner, policy_id).message == "Validation failed for custom_tags, team must be present"
    assert create(owner, policy_id, custom_tags={"team": "data"}).status == 200
    assert create(owner, policy_id, apply_policy_default_values=True).status == 200


def test_answer_tells_what_was_asked_and_what_came_of_it(owner: Client, make_policy: MakePolicy) -> None:
    reply = create(owner, make_policy(RULES, user=OWNER), apply_policy_default_values=True)
    cluster = owner.cluster(reply.body["cluster_id"])
    assert "custom_tags" not in cluster["spec"]
    assert cluster["spec"]["apply_policy_default_values"] is True
    assert "apply_policy_default_values" not in cluster


def test_malformed_definition_fails_at_use(owner: Client, make_policy: MakePolicy) -> None:
    """B14: a malformed definition fails when a cluster is to be made of it."""
    policy_id = make_policy('[{"foo": "bar"}]', user=OWNER)
    reply = create(owner, policy_id)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert reply.message.startswith(f"Requests for the policy {policy_id} cannot be satisfied due to the malformed "
                                    "policy definition. Please contact your administrator")


def test_cluster_of_a_deleted_policy_runs_but_is_not_editable(admin: Client, make_policy: MakePolicy) -> None:
    """B14: the policy was deleted."""
    policy_id = make_policy(RULES)
    cluster_id = admin.create_running(**FITTING, policy_id=policy_id)
    admin.post("2.0/policies/clusters/delete", policy_id=policy_id)
    edited = admin.post("2.1/clusters/edit", cluster_id=cluster_id, **SPEC)
    updated = admin.post("2.1/clusters/update", cluster_id=cluster_id, update_mask="num_workers", cluster={})
    assert [edited.code, updated.code, admin.state(cluster_id)] == ["INVALID_STATE", "INVALID_STATE", "RUNNING"]


def test_cluster_of_a_deleted_policy_can_be_restarted(admin: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(RULES)
    cluster_id = admin.create_running(**FITTING, policy_id=policy_id)
    admin.post("2.0/policies/clusters/delete", policy_id=policy_id)
    assert admin.post("2.1/clusters/restart", cluster_id=cluster_id).status == 200


def test_edit_is_held_against_the_policy(owner: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(RULES, user=OWNER)
    cluster_id = owner.create_running(**FITTING, policy_id=policy_id)
    spec = {**SPEC, **FITTING, "policy_id": policy_id, "cluster_id": cluster_id}
    assert "num_workers" in owner.post("2.1/clusters/edit", **{**spec, "num_workers": 5}).message
    assert owner.post("2.1/clusters/edit", **{**spec, "num_workers": 4}).status == 200


def test_partial_edit_is_held_against_the_policy(owner: Client, make_policy: MakePolicy) -> None:
    cluster_id = owner.create_running(**FITTING, policy_id=make_policy(RULES, user=OWNER))
    reply = owner.post("2.1/clusters/update", cluster_id=cluster_id, update_mask="num_workers",
                       cluster={"num_workers": 5})
    assert "Validation failed for num_workers" in reply.message


def test_policy_lets_one_create_clusters_who_else_may_not(stranger: Client, make_policy: MakePolicy) -> None:
    """B14: CAN_USE on a policy is enough to create clusters of it, and of nothing else."""
    assert create(stranger, make_policy(RULES, user=STRANGER)).status == 200
    assert create(stranger, "").status == 403


def test_entitlement_of_a_group_lets_its_members_create_clusters(workspace: Workspace, admin: Client,
                                                                 stranger: Client) -> None:
    group = workspace.add_group("makers", [workspace.add_user(STRANGER)])
    assert stranger.post("2.1/clusters/create", **SPEC).status == 403
    admin.ask("PATCH", f"2.0/preview/scim/v2/Groups/{group.id}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "entitlements", "value": [{"value": "allow-cluster-create"}]}]})
    assert stranger.post("2.1/clusters/create", **SPEC).status == 200


def test_policy_needs_the_right_to_use_it(owner: Client, make_policy: MakePolicy) -> None:
    """B14: CAN_USE is needed even of one who may create any cluster."""
    reply = create(owner, make_policy(RULES))
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


def test_unknown_policy_is_refused(admin: Client) -> None:
    assert create(admin, "0123456789ABCDEF").code == "RESOURCE_DOES_NOT_EXIST"


def test_one_has_at_most_so_many_active_clusters_of_a_policy(admin: Client, owner: Client,
                                                             make_policy: MakePolicy) -> None:
    """B14: max_clusters_per_user counts active clusters of each user."""
    policy_id = make_policy(RULES, user=OWNER, max_clusters_per_user=1)
    first = create(owner, policy_id).body["cluster_id"]
    refused = create(owner, policy_id)
    assert (refused.code, OWNER in refused.message) == ("QUOTA_EXCEEDED", True)
    assert create(admin, policy_id).status == 200
    owner.post("2.1/clusters/delete", cluster_id=first)
    assert create(owner, policy_id).status == 200


def test_cluster_that_is_edited_does_not_count_twice(owner: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(RULES, user=OWNER, max_clusters_per_user=1)
    cluster_id = owner.create_running(**FITTING, policy_id=policy_id)
    reply = owner.post("2.1/clusters/edit", **{**SPEC, **FITTING, "policy_id": policy_id, "cluster_id": cluster_id})
    assert reply.status == 200


def test_edit_does_not_bring_one_cluster_too_many_under_a_policy(owner: Client, make_policy: MakePolicy) -> None:
    """B14: max_clusters_per_user holds for edits, too."""
    policy_id = make_policy(RULES, user=OWNER, max_clusters_per_user=1)
    create(owner, policy_id)
    cluster_id = owner.create_running()
    reply = owner.post("2.1/clusters/edit", **{**SPEC, **FITTING, "policy_id": policy_id, "cluster_id": cluster_id})
    assert (reply.status, reply.code, owner.state(cluster_id)) == (400, "QUOTA_EXCEEDED", "RUNNING")


def test_libraries_of_a_policy_come_with_an_edit(owner: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(RULES, user=OWNER, libraries=[{"pypi": {"package": "wheel"}}])
    cluster_id = owner.create_running()
    owner.post("2.1/clusters/edit", **{**SPEC, **FITTING, "policy_id": policy_id, "cluster_id": cluster_id})
    assert [owner.state(cluster_id) for _ in range(2)] == ["RESTARTING", "RUNNING"]
    assert owner.libraries(cluster_id) == ["INSTALLING"]


def test_libraries_of_the_policy_are_installed(owner: Client, make_policy: MakePolicy) -> None:
    policy_id = make_policy(RULES, user=OWNER, libraries=[{"pypi": {"package": "wheel"}}])
    cluster_id = owner.create_running(**FITTING, policy_id=policy_id)
    rows = owner.get("2.0/libraries/cluster-status", cluster_id=cluster_id).body.get("library_statuses", [])
    assert [row["library"] for row in rows] == [{"pypi": {"package": "wheel"}}]


@pytest.mark.parametrize(("name", "part"), [
    ("auto:latest", "-scala"), ("auto:latest-lts-ml", "-cpu-ml-"), ("auto:latest-gpu-ml", "-gpu-ml-"),
])
def test_policy_names_a_runtime_by_what_it_is(owner: Client, make_policy: MakePolicy, name: str, part: str) -> None:
    policy_id = make_policy({"spark_version": {"type": "unlimited", "defaultValue": name}}, user=OWNER)
    made = create(owner, policy_id, spark_version=None, apply_policy_default_values=True)
    assert part in owner.cluster(made.body["cluster_id"])["spark_version"]
