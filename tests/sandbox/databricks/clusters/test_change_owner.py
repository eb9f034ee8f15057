from __future__ import annotations

import pytest

from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply

APPLICATION = "11111111-2222-3333-4444-555555555555"


def change_owner(client: Client, cluster_id: str, owner: str) -> Reply:
    return client.post("2.1/clusters/change-owner", cluster_id=cluster_id, owner_username=owner)


def test_new_owner_is_told_and_can_manage_the_cluster(admin: Client, stranger: Client) -> None:
    cluster_id = admin.create_terminated()
    assert change_owner(admin, cluster_id, "stranger@example.test").body == {}
    assert stranger.cluster(cluster_id)["creator_user_name"] == "stranger@example.test"
    assert stranger.post("2.1/clusters/start", cluster_id=cluster_id).status == 200


def test_others_keep_what_they_may_do_with_the_cluster(workspace: Workspace, admin: Client, stranger: Client) -> None:
    """B15: the new owner comes besides those who had rights."""
    workspace.add_user("anna@example.test")
    cluster_id = admin.create_terminated()
    admin.ask("PATCH", f"2.0/permissions/clusters/{cluster_id}", {"access_control_list": [
        {"user_name": "stranger@example.test", "permission_level": "CAN_RESTART"}]})
    change_owner(admin, cluster_id, "anna@example.test")
    assert stranger.post("2.1/clusters/start", cluster_id=cluster_id).status == 200


def test_service_principal_becomes_owner_by_its_application_id(workspace: Workspace, admin: Client) -> None:
    workspace.add_service_principal(APPLICATION, "deployer")
    cluster_id = admin.create_terminated()
    assert change_owner(admin, cluster_id, APPLICATION).status == 200
    assert admin.cluster(cluster_id)["creator_user_name"] == APPLICATION


@pytest.mark.parametrize("bring", [Client.create, Client.create_running], ids=["pending", "running"])
def test_owner_of_a_cluster_that_is_up_does_not_change(admin: Client, stranger: Client, bring: object) -> None:
    cluster_id = bring(admin)  # type: ignore[operator]
    assert change_owner(admin, cluster_id, "stranger@example.test").code == "INVALID_STATE"
    assert stranger.get("2.1/clusters/get", cluster_id=cluster_id).status == 403


def test_only_an_admin_changes_the_owner(owner: Client) -> None:
    """B17: even who can manage the cluster cannot give it away."""
    reply = change_owner(owner, owner.create_terminated(), "owner@example.test")
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(("name", "code"), [
    ("nobody@example.test", "RESOURCE_DOES_NOT_EXIST"), ("", "INVALID_PARAMETER_VALUE")])
def test_owner_must_be_somebody(admin: Client, name: str, code: str) -> None:
    assert change_owner(admin, admin.create_terminated(), name).code == code


def test_creator_who_was_removed_is_not_told(workspace: Workspace, admin: Client, owner: Client) -> None:
    cluster_id = owner.create()
    leaver = workspace.state.directory.find(PrincipalKind.USER, "owner@example.test")
    assert leaver is not None
    with workspace.state.lock:
        workspace.state.directory.remove(leaver)
    assert "creator_user_name" not in admin.cluster(cluster_id)
