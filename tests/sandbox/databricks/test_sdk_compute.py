"""The unmodified databricks-sdk as judge of policies, pools, DBFS, commands and settings."""
from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, NotFound, ResourceAlreadyExists, ResourceDoesNotExist
from databricks.sdk.service import compute

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server

RUNTIME, NODE = "16.4.x-scala2.12", "Standard_DS3_v2"


@pytest.fixture
def sdk(strict_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkspaceClient]:
    """Its waiting between polls takes little time."""
    really = time.sleep
    monkeypatch.setattr(time, "sleep", lambda _: really(0.02))
    monkeypatch.setattr(random, "random", lambda: 0.0)
    with Server(strict_workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=strict_workspace.token, auth_type="pat")
    strict_workspace.state.contexts.stop()


def running(sdk: WorkspaceClient) -> str:
    cluster = sdk.clusters.create(spark_version=RUNTIME, num_workers=1, node_type_id=NODE).result()
    return cluster.cluster_id or ""


def test_policy_is_made_used_and_listed(sdk: WorkspaceClient) -> None:
    rules = {"num_workers": {"type": "range", "maxValue": 3}}
    policy_id = sdk.cluster_policies.create(name="ours", definition=json.dumps(rules)).policy_id or ""
    assert "ours" in [policy.name for policy in sdk.cluster_policies.list()]
    with pytest.raises(InvalidParameterValue, match="Validation failed for num_workers"):
        sdk.clusters.create(spark_version=RUNTIME, node_type_id=NODE, num_workers=4, policy_id=policy_id)
    sdk.cluster_policies.delete(policy_id)
    with pytest.raises(NotFound):
        sdk.cluster_policies.get(policy_id)


def test_families_are_listed(sdk: WorkspaceClient) -> None:
    assert "job-cluster" in [family.policy_family_id for family in sdk.policy_families.list()]
    assert sdk.policy_families.get("personal-vm").name == "Personal Compute"


def test_pool_is_made_used_and_listed(sdk: WorkspaceClient) -> None:
    pool_id = sdk.instance_pools.create(instance_pool_name="ours", node_type_id=NODE).instance_pool_id or ""
    sdk.clusters.create(spark_version=RUNTIME, num_workers=1, instance_pool_id=pool_id).result()
    stats = sdk.instance_pools.get(pool_id).stats
    assert (stats.used_count if stats else None) == 2
    assert [pool.instance_pool_name for pool in sdk.instance_pools.list()] == ["ours"]


def test_files_are_sent_and_fetched(sdk: WorkspaceClient) -> None:
    content = bytes(range(256)) * 8192
    with sdk.dbfs.open("/a/b.bin", write=True) as file:
        file.write(content)
    with sdk.dbfs.open("/a/b.bin", read=True) as file:
        assert file.read() == content
    assert [(row.path, row.file_size) for row in sdk.dbfs.list("/a")] == [("/a/b.bin", len(content))]
    with pytest.raises(ResourceAlreadyExists):
        sdk.dbfs.put("/a/b.bin", contents="")
    with pytest.raises(ResourceDoesNotExist):
        sdk.dbfs.get_status("/no")


def test_commands_are_waited_for(sdk: WorkspaceClient) -> None:
    cluster_id = running(sdk)
    context = sdk.command_execution.create_and_wait(cluster_id=cluster_id, language=compute.Language.PYTHON)
    results = [sdk.command_execution.execute_and_wait(
        cluster_id=cluster_id, context_id=context.id, language=compute.Language.PYTHON, command=text).results
        for text in ("x = 6\nprint(x * 7)", "y")]
    assert [(found.result_type, found.data, found.summary) for found in results if found] == [
        (compute.ResultType.TEXT, "42", None), (compute.ResultType.ERROR, None, "NameError: name 'y' is not defined")]


def test_command_that_runs_is_cancelled(sdk: WorkspaceClient) -> None:
    cluster_id = running(sdk)
    context_id = sdk.command_execution.create_and_wait(cluster_id=cluster_id, language=compute.Language.PYTHON).id or ""
    started = sdk.command_execution.execute(cluster_id=cluster_id, context_id=context_id, command="import time; "
                                            "time.sleep(60)", language=compute.Language.PYTHON).bind()
    cancelled = sdk.command_execution.cancel_and_wait(cluster_id=cluster_id, context_id=context_id,
                                                      command_id=started["command_id"])
    assert cancelled.status is compute.CommandStatus.CANCELLED
    sdk.command_execution.destroy(cluster_id, context_id)
    with pytest.raises(NotFound):
        sdk.command_execution.context_status(cluster_id, context_id)


def test_settings_are_read_and_changed(sdk: WorkspaceClient) -> None:
    sdk.workspace_conf.set_status({"enableTokensConfig": "true"})
    assert sdk.workspace_conf.get_status("enableTokensConfig") == {"enableTokensConfig": "true"}
    script = base64.b64encode(b"true").decode()
    script_id = sdk.global_init_scripts.create(name="a", script=script).script_id or ""
    assert [row.name for row in sdk.global_init_scripts.list()] == ["a"]
    sdk.global_init_scripts.delete(script_id)


def test_what_a_workspace_has_none_of_is_listed_empty(sdk: WorkspaceClient) -> None:
    assert [*sdk.instance_profiles.list(), *sdk.pipelines.list_pipelines(), *sdk.warehouses.list()] == []
