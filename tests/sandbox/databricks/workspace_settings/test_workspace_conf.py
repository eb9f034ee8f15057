from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client

PATH = "2.0/workspace-conf"


def test_switch_is_null_until_it_is_set(admin: Client) -> None:
    keys = "enableTokensConfig,maxTokenLifetimeDays"
    assert admin.get(PATH, keys=keys).body == {"enableTokensConfig": None, "maxTokenLifetimeDays": None}
    assert admin.ask("PATCH", PATH, {"enableTokensConfig": "true"}).body == {}
    assert admin.get(PATH, keys=keys).body == {"enableTokensConfig": "true", "maxTokenLifetimeDays": None}


@pytest.mark.parametrize(("body", "code"), [
    ({"enableTokensConfig": True}, "MALFORMED_REQUEST"), ({"nothing": "x"}, "INVALID_PARAMETER_VALUE"),
    ({"enableWebTerminal": "true", "enableTokensConfig": 1}, "MALFORMED_REQUEST"),
])
def test_bad_switch_changes_nothing(admin: Client, body: dict[str, object], code: str) -> None:
    reply = admin.ask("PATCH", PATH, body)
    assert (reply.status, reply.code) == (400, code)
    assert admin.get(PATH, keys="enableWebTerminal").body == {"enableWebTerminal": None}


@pytest.mark.parametrize(("keys", "problem"), [
    ("", "Missing required field: keys"), (",", "Missing required field: keys"),
    ("nothing", 'Invalid keys: ["nothing"]'),
    ("a,enableTokensConfig,b", 'Invalid keys: ["a", "b"]'),
])
def test_unknown_switch_cannot_be_read(admin: Client, keys: str, problem: str) -> None:
    reply = admin.get(PATH, keys=keys)
    assert (reply.code, reply.message) == ("INVALID_PARAMETER_VALUE", problem)


def test_comma_without_a_name_asks_for_nothing(admin: Client) -> None:
    assert admin.get(PATH, keys=",enableWebTerminal,").body == {"enableWebTerminal": None}


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_switches_are_for_admins(owner: Client, method: str) -> None:
    reply = owner.ask(method, PATH, {})
    assert (reply.code, reply.message) == (
        "PERMISSION_DENIED", "Only admin users can read and change the workspace's configuration.")


def test_switches_stay_over_a_restart(tmp_path: Path) -> None:
    def opened() -> Client:
        clock = FakeClock()
        workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)
        return Client(workspace, workspace.token)

    opened().ask("PATCH", PATH, {"enableWebTerminal": "false"})
    assert opened().get(PATH, keys="enableWebTerminal").body == {"enableWebTerminal": "false"}
