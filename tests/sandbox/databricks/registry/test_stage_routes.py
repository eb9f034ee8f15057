"""Stages of versions, requests for them, and comments."""
from __future__ import annotations

import pytest

from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.registry.conftest import add_version, done, read_version, registry, share

MOVE = "databricks/model-versions/transition-stage"


def move(client: Client, version: str, stage: str, *, archive: bool = False) -> Reply:
    return registry(client, MOVE, name="churn", version=version, stage=stage, archive_existing_versions=archive)


@pytest.fixture
def version(owner: Client, model: str) -> str:
    return add_version(owner, model)


@pytest.mark.parametrize("stage", ["Staging", "production", "ARCHIVED", "None"])
def test_a_version_moves_in_any_case(owner: Client, version: str, stage: str) -> None:
    found = move(owner, version, stage).body["model_version_databricks"]
    assert (found["current_stage"], found["permission_level"]) == (stage.capitalize(), "CAN_MANAGE")


def test_mlflows_own_route_answers_in_its_own_shape(owner: Client, model: str, version: str) -> None:
    reply = done(owner, "model-versions/transition-stage", name=model, version=version, stage="Staging",
                 archive_existing_versions=False)
    assert reply == {"model_version": read_version(owner, version)}


def test_those_that_were_there_are_archived(owner: Client, version: str) -> None:
    second = add_version(owner)
    move(owner, version, "Production")
    move(owner, second, "Production")
    assert read_version(owner, version)["current_stage"] == "Production"
    move(owner, second, "Production", archive=True)
    assert [read_version(owner, one)["current_stage"] for one in (version, second)] == ["Archived", "Production"]


@pytest.mark.parametrize("stage", ["None", "Archived"])
def test_only_a_stage_in_use_is_emptied(owner: Client, version: str, stage: str) -> None:
    reply = move(owner, version, stage, archive=True)
    assert (reply.status, "is not an Active stage" in reply.message) == (400, True)


def test_a_stage_that_is_none_is_refused(owner: Client, model: str, version: str) -> None:
    assert move(owner, version, "Live").message.startswith("Invalid Model Version stage: Live.")
    assert registry(owner, MOVE, name=model, version=version).message == "Missing required field: stage"


@pytest.mark.parametrize("path", [MOVE, "model-versions/transition-stage"])
def test_whether_others_are_archived_must_be_said(owner: Client, model: str, version: str, path: str) -> None:
    reply = registry(owner, path, name=model, version=version, stage="Staging")
    assert reply.message == "Missing required field: archive_existing_versions"
    assert read_version(owner, version)["current_stage"] == "None"


def test_the_latest_of_each_stage_is_told(owner: Client, model: str, version: str) -> None:
    move(owner, version, "Production")
    for _ in range(2):
        add_version(owner)
    for stages, found in (([], ["1", "3"]), (["production"], ["1"]), (["Staging"], [])):
        rows = done(owner, "registered-models/get-latest-versions", name=model, stages=stages).get("model_versions", [])
        assert [row["version"] for row in rows] == found
    assert len(done(owner, "registered-models/get", "GET", name=model)["registered_model"]["latest_versions"]) == 2


def test_what_is_in_use_is_not_deleted(owner: Client, model: str, version: str) -> None:
    move(owner, version, "Staging")
    for operation in ("model-versions/delete", "registered-models/delete"):
        reply = registry(owner, operation, "DELETE", name=model, version=version)
        assert (reply.status, reply.code) == (400, "INVALID_STATE")
    move(owner, version, "Archived")
    done(owner, "registered-models/delete", "DELETE", name=model)


@pytest.mark.parametrize(("level", "statuses"), [
    ("CAN_EDIT", [403, 403]), ("CAN_MANAGE_STAGING_VERSIONS", [200, 403]),
    ("CAN_MANAGE_PRODUCTION_VERSIONS", [200, 200]),
])
def test_levels_decide_about_stages(
        owner: Client, stranger: Client, version: str, level: str, statuses: list[int]) -> None:
    share(owner, "churn", level)
    assert [move(stranger, version, stage).status for stage in ("Staging", "Production")] == statuses


def ask(client: Client, operation: str, method: str = "POST", **fields: object) -> Reply:
    return registry(client, f"transition-requests/{operation}", method, name="churn", version="1", **fields)


def test_a_request_is_made_and_approved(owner: Client, stranger: Client, version: str) -> None:
    share(owner, "churn", "CAN_READ")
    made = ask(stranger, "create", stage="Staging", comment="please").body["request"]
    assert (made["to_stage"], made["user_id"], made["comment"]) == ("Staging", "stranger@example.test", "please")
    assert ask(owner, "list", "GET").body == {"requests": [made]}
    assert ask(stranger, "approve", stage="Staging", archive_existing_versions=False).code == "PERMISSION_DENIED"
    activity = ask(owner, "approve", stage="Staging", archive_existing_versions=False).body["activity"]
    assert (activity["activity_type"], read_version(owner, version)["current_stage"]) == ("APPROVED_REQUEST", "Staging")
    assert ask(owner, "list", "GET").body == {}


def test_a_request_is_rejected_or_taken_back(owner: Client, stranger: Client, version: str) -> None:
    share(owner, "churn", "CAN_READ")
    ask(stranger, "create", stage="Staging")
    assert ask(stranger, "reject", stage="Staging").code == "PERMISSION_DENIED"
    assert ask(owner, "reject", stage="Staging").body["activity"]["activity_type"] == "REJECTED_REQUEST"
    ask(stranger, "create", stage="Production")
    creator = "stranger@example.test"
    assert ask(owner, "delete", "DELETE", stage="Production", creator=creator).code == "PERMISSION_DENIED"
    assert ask(stranger, "delete", "DELETE", stage="Production", creator=creator).status == 200
    assert ask(owner, "reject", stage="Production").code == "RESOURCE_DOES_NOT_EXIST"
    assert read_version(owner, version)["current_stage"] == "None"


def test_comments_belong_to_who_made_them(owner: Client, stranger: Client, version: str) -> None:
    share(owner, "churn", "CAN_READ")
    made = done(stranger, "comments/create", name="churn", version=version, comment="good")["comment"]
    assert (made["comment"], made["user_id"]) == ("good", "stranger@example.test")
    for operation, method in (("update", "PATCH"), ("delete", "DELETE")):
        reply = registry(owner, f"comments/{operation}", method, id=made["id"], comment="bad")
        assert reply.code == "PERMISSION_DENIED"
    assert done(stranger, "comments/update", "PATCH", id=made["id"], comment="fine")["comment"]["comment"] == "fine"
    done(stranger, "comments/delete", "DELETE", id=made["id"])
    assert registry(stranger, "comments/delete", "DELETE", id=made["id"]).code == "RESOURCE_DOES_NOT_EXIST"
