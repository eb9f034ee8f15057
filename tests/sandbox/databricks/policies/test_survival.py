from __future__ import annotations

from pathlib import Path

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import SPEC, Client, Reply


def opened(folder: Path) -> Client:
    clock = FakeClock()
    workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=folder)
    return Client(workspace, workspace.token)


def policies(client: Client) -> Reply:
    return client.get("2.0/policies/clusters/list", sort_column="POLICY_NAME")


def test_policies_are_there_again_after_a_restart(tmp_path: Path) -> None:
    first = opened(tmp_path)
    for name in ("kept", "gone"):
        policy_id = first.post("2.0/policies/clusters/create", name=name, definition="{}", max_clusters_per_user=2,
                               libraries=[{"maven": {"coordinates": "a:b:1", "exclusions": ["c"]}}]).body["policy_id"]
    first.post("2.0/policies/clusters/delete", policy_id=policy_id)
    assert policies(opened(tmp_path)) == policies(first)
    assert "kept" in [row["name"] for row in policies(first).body["policies"]]


def test_changed_policy_is_there_as_it_was_changed(tmp_path: Path) -> None:
    first = opened(tmp_path)
    policy_id = first.post("2.0/policies/clusters/create", name="a", definition="{}").body["policy_id"]
    first.post("2.0/policies/clusters/edit", policy_id=policy_id, name="b", definition="[]")
    again = opened(tmp_path).get("2.0/policies/clusters/get", policy_id=policy_id)
    assert (again.body["name"], again.body["definition"]) == ("b", "[]")


def test_policy_holds_after_a_restart(tmp_path: Path) -> None:
    policy_id = opened(tmp_path).post("2.0/policies/clusters/create", name="a", definition=(
        '{"num_workers": {"type": "fixed", "value": 7}}')).body["policy_id"]
    reply = opened(tmp_path).post("2.1/clusters/create", **SPEC, policy_id=policy_id)
    assert reply.message == 'Validation failed for num_workers, the value must be 7 (is "2")'
