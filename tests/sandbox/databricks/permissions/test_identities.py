"""What every family answers to callers without a right, and that rights reach them directly and through groups."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.permissions.refusals import CLUSTER, JOB, REFUSED
from tests.sandbox.databricks.permissions.things import CALLERS, NOTEBOOK, filled, make_things

GRANTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("clusters/{cluster}", "CAN_ATTACH_TO", "2.1/clusters/get", CLUSTER),
    ("jobs/{job}", "CAN_VIEW", "2.2/jobs/get", JOB),
    ("directories/{folder}", "CAN_READ", "2.0/workspace/get-status", {"path": NOTEBOOK}),
    ("cluster-policies/{policy}", "CAN_USE", "2.0/policies/clusters/get", {"policy_id": "{policy}"}),
    ("instance-pools/{pool}", "CAN_ATTACH_TO", "2.0/instance-pools/get", {"instance_pool_id": "{pool}"}),
    ("experiments/{experiment}", "CAN_READ", "2.0/mlflow/experiments/get", {"experiment_id": "{experiment}"}),
]
HIDDEN = f"Path ({NOTEBOOK}) doesn't exist."
KEYS = {"user": "user_name", "service_principal": "service_principal_name"}


@pytest.fixture
def ids(admin: Client) -> dict[str, str]:
    return make_things(admin)


@pytest.mark.parametrize("caller", CALLERS)
def test_caller_without_a_right_is_refused_everywhere(workspace: Workspace, ids: dict[str, str], caller: str) -> None:
    """B17: a user and a service principal get the same 403, which names them and what they lack."""
    client, known = CALLERS[caller](workspace), {**ids, "caller": caller}
    wrong = []
    for method, path, body, text in REFUSED:
        reply = client.ask(method, filled(path, known), filled(body, known))
        if (reply.status, reply.code) != (403, "PERMISSION_DENIED") or filled(text, known) not in reply.message:
            wrong.append((path, reply))
    assert wrong == []


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("method", "name"), [("GET", "get-status"), ("GET", "export"), ("POST", "delete")])
@pytest.mark.usefixtures("ids")
def test_file_one_may_not_read_is_not_there(workspace: Workspace, caller: str, method: str, name: str) -> None:
    """B17: like every path below a folder that one may not see."""
    reply = CALLERS[caller](workspace).ask(method, f"2.0/workspace/{name}", {"path": NOTEBOOK})
    assert (reply.status, reply.message) == (404, HIDDEN)


def directly(_: Workspace, caller: str) -> dict[str, str]:
    """The entry of an access control list that reaches the caller."""
    return {KEYS[CALLERS[caller].__name__]: caller}


def through_a_group(workspace: Workspace, caller: str) -> dict[str, str]:
    found = (workspace.state.directory.find(kind, caller) for kind in PrincipalKind)
    workspace.add_group("crew", filter(None, found))
    return {"group_name": "crew"}


def through_a_nested_group(workspace: Workspace, caller: str) -> dict[str, str]:
    through_a_group(workspace, caller)
    workspace.add_group("fleet", [workspace.add_group("crew")])
    return {"group_name": "fleet"}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("way", [directly, through_a_group, through_a_nested_group])
def test_right_reaches_the_caller(workspace: Workspace, admin: Client, ids: dict[str, str], caller: str,
                                  way: Callable[[Workspace, str], dict[str, str]]) -> None:
    """B17: on every kind of object, and only once it was granted."""
    client = CALLERS[caller](workspace)
    entry = way(workspace, caller)
    for target, level, path, body in GRANTS:
        before = client.ask("GET", path, filled(body, ids))
        granted = admin.ask("PATCH", f"2.0/permissions/{filled(target, ids)}", {
            "access_control_list": [{**entry, "permission_level": level}]})
        after = client.ask("GET", path, filled(body, ids))
        assert (before.status in {403, 404}, granted.status, after.status) == (True, 200, 200), path
