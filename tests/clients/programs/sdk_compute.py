"""databricks-sdk gives a cluster libraries, a policy and a pool, and lets it execute commands."""
from __future__ import annotations

import json
import time

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest
from databricks.sdk.service import compute

RUNTIME = "16.4.x-scala2.12"
NODE = "Standard_DS3_v2"
WANTED = [compute.Library(pypi=compute.PythonPyPiLibrary("pandas==2.2.3")),
          compute.Library(maven=compute.MavenLibrary("com.example:thing:1.0"))]
DONE = {compute.LibraryInstallStatus.INSTALLED, compute.LibraryInstallStatus.SKIPPED}
BROKEN = compute.Library(pypi=compute.PythonPyPiLibrary("broken"))


def wait_for_libraries(client: WorkspaceClient, cluster_id: str) -> None:
    """As everybody does who uses the SDK: it has no waiter of its own."""
    for _ in range(20):
        rows = list(client.libraries.cluster_status(cluster_id))
        if rows and all(row.status in DONE for row in rows):
            return
        time.sleep(0.1)
    message = f"libraries are not installed: {rows}"
    raise AssertionError(message)


def libraries(client: WorkspaceClient, cluster_id: str) -> None:
    client.libraries.install(cluster_id, WANTED)
    wait_for_libraries(client, cluster_id)
    print("installed", len(WANTED))
    client.libraries.uninstall(cluster_id, WANTED[:1])
    rows = {str(row.library): row.status for row in client.libraries.cluster_status(cluster_id)}
    assert compute.LibraryInstallStatus.UNINSTALL_ON_RESTART in rows.values(), rows
    assert any(one.cluster_id == cluster_id for one in client.libraries.all_cluster_statuses())
    client.clusters.restart(cluster_id).result()
    wait_for_libraries(client, cluster_id)
    assert len(list(client.libraries.cluster_status(cluster_id))) == 1
    client.libraries.install(cluster_id, [BROKEN])
    time.sleep(0.2)
    failed = [row for _ in range(3) for row in client.libraries.cluster_status(cluster_id) if row.messages]
    print("failed:", *(failed[-1].messages or []))


def policy(client: WorkspaceClient) -> None:
    rules = {"autotermination_minutes": {"type": "fixed", "value": 20}, "num_workers": {"type": "range", "maxValue": 3}}
    made = client.cluster_policies.create(name="small", definition=json.dumps(rules))
    policy_id = made.policy_id or ""
    try:
        client.clusters.create(spark_version=RUNTIME, node_type_id=NODE, num_workers=9, policy_id=policy_id,
                               autotermination_minutes=20)
    except BadRequest as error:
        print("refused:", error)
    client.cluster_policies.edit(policy_id, name="smaller", definition=json.dumps(rules))
    assert [one.name for one in client.cluster_policies.list() if one.policy_id == policy_id] == ["smaller"]
    assert client.cluster_policies.get(policy_id).definition == json.dumps(rules)
    client.cluster_policies.delete(policy_id)
    print("policy deleted")


def pool(client: WorkspaceClient) -> None:
    made = client.instance_pools.create("warm", NODE, min_idle_instances=1)
    pool_id = made.instance_pool_id
    cluster = client.clusters.create(spark_version=RUNTIME, num_workers=1, instance_pool_id=pool_id).result()
    assert cluster.instance_pool_id == pool_id
    client.clusters.permanent_delete(cluster.cluster_id or "")
    client.instance_pools.edit(pool_id or "", "warmer", NODE, min_idle_instances=2)
    assert client.instance_pools.get(pool_id or "").instance_pool_name == "warmer"
    assert [one.instance_pool_id for one in client.instance_pools.list()] == [pool_id]
    client.instance_pools.delete(pool_id or "")
    print("cluster came from a pool")


def commands(client: WorkspaceClient, cluster_id: str) -> None:
    language = compute.Language.PYTHON
    context = client.command_execution.create_and_wait(cluster_id=cluster_id, language=language)
    for text in ("answer = 6 * 7", "print(answer)"):
        done = client.command_execution.execute_and_wait(cluster_id=cluster_id, context_id=context.id,
                                                         language=language, command=text)
    assert done.results is not None
    print("command said", done.results.data)
    client.command_execution.destroy(cluster_id, context.id or "")


if __name__ == "__main__":
    sdk = WorkspaceClient()
    running = sdk.clusters.create(cluster_name="judge", spark_version=RUNTIME, node_type_id=NODE, num_workers=1)
    number = running.result().cluster_id or ""
    libraries(sdk, number)
    policy(sdk)
    pool(sdk)
    commands(sdk, number)
