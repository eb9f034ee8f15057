"""Who made something and was deleted since is not told any more: so say the SDK's fields `creator_user_name`."""
from __future__ import annotations

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import SPEC, Client
from tests.sandbox.databricks.jobs.bodies import create_job

MAKER = "maker@example.test"


@pytest.fixture
def things(workspace: Workspace) -> dict[str, dict[str, str]]:
    """What is to be asked about that `MAKER` made."""
    workspace.add_user(MAKER, admin=True)
    maker = Client(workspace, workspace.add_token(MAKER))
    policy = maker.post("2.0/policies/clusters/create", name="p", definition="{}").body["policy_id"]
    job_id = create_job(maker)
    return {"2.1/clusters/get": {"cluster_id": maker.post("2.1/clusters/create", **SPEC).body["cluster_id"]},
            "2.2/jobs/get": {"job_id": str(job_id)},
            "2.2/jobs/runs/get": {"run_id": str(maker.post("2.2/jobs/run-now", job_id=job_id).body["run_id"])},
            "2.0/policies/clusters/get": {"policy_id": policy}}


@pytest.mark.parametrize("path", [
    "2.1/clusters/get", "2.2/jobs/get", "2.2/jobs/runs/get", "2.0/policies/clusters/get"])
def test_creator_is_told_until_he_is_gone(
        workspace: Workspace, admin: Client, things: dict[str, dict[str, str]], path: str) -> None:
    assert admin.get(path, **things[path]).body["creator_user_name"] == MAKER
    admin.ask("DELETE", f"2.0/preview/scim/v2/Users/{workspace.add_user(MAKER).id}")
    assert "creator_user_name" not in admin.get(path, **things[path]).body
