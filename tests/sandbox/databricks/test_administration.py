from __future__ import annotations

import io
import json
from typing import Any

import pytest

from sandbox.clock import FARTHEST, AdvancedClock
from sandbox.databricks.administration import Administration
from sandbox.databricks.workspace import Workspace
from sandbox.http.admin import admin_application
from sandbox.http.message import Request
from tests.sandbox.databricks.conftest import SPEC, Client

SETTINGS = "/settings/databricks/dev"


def ask(workspace: Workspace, method: str, path: str, body: object = None) -> tuple[int, Any]:
    name = "databricks/dev"
    application = admin_application({name: workspace}, {name: Administration(workspace)}, AdvancedClock())
    reply = application(Request(method, path, body_stream=io.BytesIO(json.dumps(body).encode())))
    return reply.status, json.loads(reply.body)


def test_strict_mode_is_switched_on_and_off_while_the_workspace_runs(workspace: Workspace, admin: Client) -> None:
    """B13: by default unknown fields are dropped, in strict mode they are refused with their path."""
    statuses = []
    for strict in (True, False):
        assert ask(workspace, "PATCH", SETTINGS, {"strict": strict})[1]["strict"] is strict
        statuses.append(admin.post("2.1/clusters/create", **SPEC, nmae="x").status)
    assert statuses == [400, 200]


def test_delays_are_changed_one_by_one(workspace: Workspace, admin: Client) -> None:
    ask(workspace, "PATCH", SETTINGS, {"delays": {"terminate": 7}})
    _, settings = ask(workspace, "PATCH", SETTINGS, {"delays": {"cluster_start": 60}})
    assert (settings["delays"]["terminate"], settings["delays"]["cluster_start"]) == (7, 60)
    cluster_id = admin.create()
    assert [admin.state(cluster_id) for _ in range(3)] == ["PENDING"] * 3


def test_first_reads_and_rate_limits_are_switched_like_everything_else(workspace: Workspace, admin: Client) -> None:
    ask(workspace, "PATCH", SETTINGS, {"cluster_is_missing": True, "rate_limits": True, "stale_reads": 2})
    _, settings = ask(workspace, "GET", SETTINGS)
    assert (settings["cluster_is_missing"], settings["rate_limits"], settings["stale_reads"]) == (True, True, 2)
    cluster_id = admin.create()
    assert [admin.get("2.1/clusters/get", cluster_id=cluster_id).status for _ in range(2)] == [400, 200]
    assert ask(workspace, "PATCH", SETTINGS, {"rate_limits": False})[1]["rate_limits"] is False


@pytest.mark.parametrize(("change", "problem"), [
    ({"strikt": True}, "strikt: known are strict, "), ({"strict": "y"}, 'strict: got "y", expected true'),
    ({"delays": {"start": 1}}, "delays.start: known are "), ({"delays": 3}, "delays: got 3"), ([], "expected a JSON o"),
    ({"delays": {"terminate": -1}}, "delays.terminate: got -1"), ({"stale_reads": -1}, "stale_reads: got -1"),
    ({"stale_reads": True}, "stale_reads: got true, expected a whole number"),
], ids=str)
def test_what_is_no_setting_is_refused_and_changes_nothing(workspace: Workspace, change: Any, problem: str) -> None:
    before = ask(workspace, "GET", SETTINGS)
    wanted = {"serverless": True, **change} if isinstance(change, dict) else change
    status, told = ask(workspace, "PATCH", SETTINGS, wanted)
    assert (status, told["message"][:len(problem)]) == (400, problem)
    assert ask(workspace, "GET", SETTINGS) == before


def test_members_are_told_and_get_tokens_of_their_own(workspace: Workspace, owner: Client) -> None:
    """B17: the same calls under several identities."""
    _, told = ask(workspace, "GET", "/identities/databricks/dev")
    assert [(one["name"], one["admin"]) for one in told["identities"]] == [
        ("admin@example.test", True), ("owner@example.test", False)]
    status, made = ask(workspace, "POST", "/identities/databricks/dev", {"name": "Owner@example.test"})
    assert status == 201
    me = Client(workspace, made["token"]).get("2.0/preview/scim/v2/Me")
    assert (me.body["userName"], made["token"] == owner.token) == ("owner@example.test", False)


def test_who_is_no_member_gets_no_token(workspace: Workspace) -> None:
    status, told = ask(workspace, "POST", "/identities/databricks/dev", {"name": "eve@example.test"})
    assert (status, told["message"]) == (400, "name: got 'eve@example.test', known are admin@example.test")


def test_only_what_can_be_adjusted_has_settings(workspace: Workspace) -> None:
    assert ask(workspace, "GET", "/settings/azure_devops")[0] == 404


@pytest.mark.parametrize(("seconds", "status"), [(3600, 200), (0, 200), (-1, 400), ("1", 400), (1e99, 400)])
def test_clock_goes_forward_only(workspace: Workspace, seconds: object, status: int) -> None:
    answered, told = ask(workspace, "POST", "/clock", {"advance": seconds})
    assert answered == status
    assert status == 200 or told["message"].startswith(f"advance: got {seconds!r}, expected ")


def test_advanced_clock_is_ahead_of_the_system() -> None:
    clock = AdvancedClock(10)
    before = clock.now()
    clock.advance(3600)
    assert 3600 <= clock.now() - before < 3700


def test_clock_never_reaches_the_end_of_a_calendar() -> None:
    clock = AdvancedClock(FARTHEST - 10)
    clock.advance(10)
    with pytest.raises(ValueError, match="can be at most"):
        clock.advance(1)
