from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client

PATH = "2.0/global-init-scripts"
SCRIPT = base64.b64encode(b"echo hello").decode()


def create(client: Client, name: str = "a", **fields: Any) -> str:
    reply = client.post(PATH, **{"name": name, "script": SCRIPT, **fields})
    assert reply.status == 200, reply
    return str(reply.body["script_id"])


def listed(client: Client) -> list[tuple[str, int]]:
    return [(row["name"], row["position"]) for row in client.get(PATH).body["scripts"]]


def test_script_is_read_back(admin: Client, clock: FakeClock) -> None:
    script_id = create(admin)
    now = int(clock.now() * 1000)
    row = {"script_id": script_id, "name": "a", "position": 0, "enabled": False, "created_by": "admin@example.test",
           "created_at": now, "updated_by": "admin@example.test", "updated_at": now}
    assert admin.get(f"{PATH}/{script_id}").body == {**row, "script": SCRIPT}
    assert admin.get(PATH).body == {"scripts": [row]}


def test_scripts_stand_in_one_order(admin: Client) -> None:
    for name, place in (("a", {}), ("b", {}), ("c", {"position": 0}), ("d", {"position": 9})):
        create(admin, name, **place)
    assert listed(admin) == [("c", 0), ("a", 1), ("b", 2), ("d", 3)]


def test_changed_script_keeps_what_is_not_told(admin: Client, clock: FakeClock) -> None:
    create(admin, "first")
    script_id = create(admin, enabled=True)
    clock.advance(5)
    assert admin.ask("PATCH", f"{PATH}/{script_id}", {"name": "b", "script": SCRIPT}).body == {}
    body = admin.get(f"{PATH}/{script_id}").body
    assert (body["name"], body["enabled"], body["position"]) == ("b", True, 1)
    assert body["updated_at"] - body["created_at"] == 5000


def test_changed_script_moves_and_is_switched_off(admin: Client) -> None:
    create(admin, "first")
    script_id = create(admin, "second", enabled=True)
    change = {"name": "second", "script": SCRIPT, "position": 0, "enabled": False}
    assert admin.ask("PATCH", f"{PATH}/{script_id}", change).body == {}
    assert listed(admin) == [("second", 0), ("first", 1)]
    assert admin.get(f"{PATH}/{script_id}").body["enabled"] is False


def test_largest_script_is_taken(admin: Client) -> None:
    create(admin, script=base64.b64encode(bytes(64 * 1024)).decode())


def test_deleted_script_leaves_no_gap(admin: Client) -> None:
    script_id = create(admin)
    create(admin, "b")
    assert admin.ask("DELETE", f"{PATH}/{script_id}").body == {}
    assert listed(admin) == [("b", 0)]
    assert admin.get(f"{PATH}/{script_id}").code == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize(("fields", "problem"), [
    ({"name": None}, "Missing required field: name"), ({"script": None}, "Missing required field: script"),
    ({"script": "!"}, "script is not base64"), ({"position": -1}, "position must not be negative"),
    ({"script": base64.b64encode(bytes(64 * 1024 + 1)).decode()}, "at most 65536 bytes are allowed, got 65537"),
])
def test_bad_script_is_refused(admin: Client, fields: dict[str, Any], problem: str) -> None:
    reply = admin.post(PATH, **{"name": "a", "script": SCRIPT, **fields})
    assert (reply.code, problem in reply.message) == ("INVALID_PARAMETER_VALUE", True)


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("POST", ""), ("GET", "/x"), ("PATCH", "/x"), ("DELETE", "/x"),
])
def test_scripts_are_for_admins(owner: Client, method: str, path: str) -> None:
    reply = owner.ask(method, f"{PATH}{path}", {"name": "a", "script": SCRIPT})
    assert (reply.code, reply.message) == (
        "PERMISSION_DENIED", "Only admin users can read and change global init scripts.")


def test_scripts_stay_over_a_restart(tmp_path: Path) -> None:
    def opened() -> Client:
        clock = FakeClock()
        workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)
        return Client(workspace, workspace.token)

    first = opened()
    script_id = create(first)
    create(first, "b", position=0)
    first.ask("PATCH", f"{PATH}/{script_id}", {"name": "c", "script": SCRIPT})
    assert listed(first) == [("b", 0), ("c", 1)]
    assert opened().get(PATH) == first.get(PATH)
