from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import File
from sandbox.world.team_files import Place, TeamFileError, deployers_of, named_in, rewired

WORKSPACES = {"local": {"host": "https://old.test", "service_principals": [{"application_id": "app-1"}]},
              "prod": {"host": "https://prod.test", "service_principals": [{"application_id": "app-2"}]}}
LISTS = {"clusters": {"user_permission_level": {"default": "CAN_RESTART"},
                      "access_control_list": [{"group_name": "data", "permission_level": "CAN_ATTACH_TO"}]},
         "jobs": {"access_control_list": [{"user_name": "eve@example.com", "permission_level": "CAN_VIEW"}]}}


def files(**named: dict[str, Any]) -> dict[str, File]:
    return {f"teams/red/{name}.json": File(json.dumps(data).encode()) for name, data in named.items()}


def test_everyone_named_by_a_team_is_found() -> None:
    named = named_in(files(workspaces=WORKSPACES, access_control_list=LISTS))
    assert (named.users, named.groups) == ({"eve@example.com"}, {"data"})
    assert named.service_principals == {"local": ["app-1"], "dev": [], "test": [], "prod": ["app-2"]}


def test_hosts_authority_and_first_principal_are_rewired() -> None:
    others = {"application_id": "app-9", "permission_level": "CAN_MANAGE"}
    row = {"host": "https://old.test", "service_principals": [{"application_id": "app-1"}, others]}
    after = rewired(files(workspaces={"local": row}), {"local": Place("http://127.0.0.1:1", "own")}, "https://localhost")
    assert json.loads(after["teams/red/workspaces.json"].content) == {
        "local": {"host": "http://127.0.0.1:1", "service_principals": [{"application_id": "own"}, others]},
        "entra_authority": "https://localhost"}


def test_what_the_sandbox_does_not_replace_stays() -> None:
    before = files(workspaces=WORKSPACES, jobs_config={"a": 1})
    after = rewired(before, {}, "https://localhost")
    assert json.loads(after["teams/red/workspaces.json"].content) == {**WORKSPACES, "entra_authority": "https://localhost"}
    assert after["teams/red/jobs_config.json"] is before["teams/red/jobs_config.json"]


def test_other_files_of_the_same_name_are_left_alone() -> None:
    other = {"tests/red/workspaces.json": File(b"no json"), "teams/red/old/workspaces.json": File(b"no json")}
    assert rewired(other, {}, "") == other


@pytest.mark.parametrize(("content", "problem"), [
    (b"{", "no JSON: Expecting property name"), (b"[]", "got list, expected an object"),
    (b"{}", "expected a service principal with an application_id in each of local, dev, test, prod"),
], ids=["broken", "no object", "nobody"])
def test_unfit_team_file_is_named(content: bytes, problem: str) -> None:
    with pytest.raises(TeamFileError, match=f"teams/red/workspaces.json: {problem}"):
        deployers_of({"teams/red/workspaces.json": File(content)}, "red")


def test_missing_team_file_is_named() -> None:
    with pytest.raises(TeamFileError, match=r"teams/red/workspaces.json: is missing"):
        deployers_of({}, "red")
