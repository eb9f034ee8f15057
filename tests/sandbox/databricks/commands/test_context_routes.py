from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.commands.conftest import Bench
from tests.sandbox.databricks.conftest import Client, Reply


def error(reply: Reply) -> str:
    assert list(reply.body) == ["error"]
    return str(reply.body["error"])


def test_new_context_is_running(bench: Bench) -> None:
    assert bench.context_status().body == {"id": bench.context_id, "status": "Running"}


def test_destroyed_context_is_gone(bench: Bench) -> None:
    assert bench.destroy().body == {"id": bench.context_id}
    assert [reply.status for reply in (bench.context_status(), bench.destroy(), bench.execute("1"))] == [404, 404, 404]
    assert error(bench.context_status()).startswith("ContextNotFound")


def test_context_needs_a_running_cluster(admin: Client) -> None:
    """1.2: clients wait at this name: https://github.com/databricks/terraform-provider-databricks/issues/217."""
    reply = admin.post("1.2/contexts/create", clusterId=admin.create(), language="python")
    assert (reply.status, error(reply).split(":")[0]) == (500, "ClusterNotReadyException")


@pytest.mark.parametrize(("spec", "status"), [
    pytest.param({"single_user_name": "anna@example.test"}, 403, id="another"),
    pytest.param({"single_user_name": "Admin@example.test"}, 200, id="in-any-case"),
    pytest.param({}, 200, id="whose-it-is"), pytest.param({"single_user_name": "users"}, 200, id="group"),
    pytest.param({"single_user_name": "anna@example.test", "data_security_mode": "USER_ISOLATION"}, 200, id="shared"),
])
def test_dedicated_cluster_has_contexts_of_its_user_only(admin: Client, spec: dict[str, Any], status: int) -> None:
    cluster_id = admin.create_running(**{"data_security_mode": "SINGLE_USER", **spec})
    reply = admin.post("1.2/contexts/create", clusterId=cluster_id, language="python")
    assert (reply.status, "the single user of this cluster is 'anna@example.test'" in str(reply.body)) == (
        status, status == 403)


@pytest.mark.parametrize(("fields", "status", "problem"), [
    ({"language": "python"}, 400, "Missing required field: clusterId"),
    ({"clusterId": "0101-000000-none"}, 400, "does not exist"), ({"clusterId": 7}, 400, "expected a str"),
])
def test_errors_have_the_shape_of_this_api(admin: Client, fields: dict[str, Any], status: int, problem: str) -> None:
    """1.2: `{"error": "..."}`, whatever is wrong."""
    reply = admin.post("1.2/contexts/create", **fields)
    assert (reply.status, problem in error(reply)) == (status, True)


def test_cluster_has_at_most_145_contexts(bench: Bench) -> None:
    """1.2: at most 145 execution contexts per cluster."""
    assert {bench.create().status for _ in range(144)} == {200}
    refused = bench.create()
    assert (refused.status, error(refused)) == (
        400, "Too many execution contexts are open right now. (Limit set to 145)")
    bench.destroy()
    assert bench.create().status == 200


@pytest.mark.parametrize("path", ["restart", "delete"])
def test_contexts_die_with_the_driver(bench: Bench, path: str) -> None:
    """1.2: a restart of the cluster ends its contexts."""
    bench.client.post(f"2.1/clusters/{path}", cluster_id=bench.cluster_id)
    while bench.client.state(bench.cluster_id) not in {"RUNNING", "TERMINATED"}:
        pass
    if path == "delete":
        bench.client.post("2.1/clusters/start", cluster_id=bench.cluster_id)
        assert [bench.client.state(bench.cluster_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    assert (bench.context_status().status, error(bench.context_status()).split(":")[0]) == (404, "ContextNotFound")


def test_context_needs_the_right_to_attach(bench: Bench, stranger: Client) -> None:
    reply = stranger.post("1.2/contexts/create", clusterId=bench.cluster_id, language="python")
    assert (reply.status, "Attach" in error(reply)) == (403, True)


def test_context_is_of_its_owner_alone(workspace: Workspace, bench: Bench) -> None:
    workspace.add_user("second@example.test", admin=True)
    second = Client(workspace, workspace.add_token("second@example.test"))
    foreign = Bench(second, bench.cluster_id, bench.context_id)
    assert [foreign.context_status().status, foreign.execute("1").status, foreign.destroy().status] == [404] * 3


@pytest.mark.parametrize("path", ["commands/status", "commands/cancel"])
def test_unknown_command_is_told_so(bench: Bench, path: str) -> None:
    reply = bench.status("x") if path == "commands/status" else bench.cancel("x")
    assert (reply.status, error(reply).split(":")[0]) == (404, "CommandNotFound")


def test_command_must_be_given(bench: Bench) -> None:
    reply = bench.client.post("1.2/commands/execute", clusterId=bench.cluster_id, contextId=bench.context_id)
    assert error(reply) == "Missing required field: command"
