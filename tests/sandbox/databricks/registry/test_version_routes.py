"""Versions of registered models: pitfall G5 and the contract's section 8."""
from __future__ import annotations

import os
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.artifacts.test_artifact_routes import send, upload
from tests.sandbox.databricks.mlflow.conftest import HOME, start_run
from tests.sandbox.databricks.registry.conftest import add_version, done, read_version, registry, share


def test_a_version_is_pending_first(owner: Client, model: str) -> None:
    """G5: a client that takes the reply of the creation for ready is found out."""
    made = done(owner, "model-versions/create", name=model, source="dbfs:/x")["model_version"]
    assert (made["status"], read_version(owner, "1")["status"]) == ("PENDING_REGISTRATION", "READY")


def test_registration_takes_its_time(workspace: Workspace, owner: Client, model: str, clock: FakeClock) -> None:
    """G5: PENDING_REGISTRATION is read as often as it takes."""
    workspace.state.registry.registration_seconds = 10
    add_version(owner)
    assert read_version(owner, "1", model)["status"] == "PENDING_REGISTRATION"
    clock.advance(10)
    assert read_version(owner, "1", model)["status"] == "READY"


def test_a_registration_may_fail(workspace: Workspace, owner: Client, model: str) -> None:
    """G5: the message says why."""
    workspace.state.registry.registration_failures[model] = "no space left"
    add_version(owner)
    found = read_version(owner, "1")
    assert (found["status"], found["status_message"]) == ("FAILED_REGISTRATION", "no space left")


def test_a_version_is_read_back(owner: Client, model: str) -> None:
    number = add_version(owner, run_id="r", run_link="https://x.test", description="d",
                         tags=[{"key": "a", "value": "1"}])
    assert read_version(owner, number) == {
        "name": model, "version": "1", "source": "dbfs:/elsewhere/model", "run_id": "r", "run_link": "https://x.test",
        "description": "d", "tags": [{"key": "a", "value": "1"}], "status": "READY", "current_stage": "None",
        "user_id": "owner@example.test", "creation_timestamp": 1_700_000_000_000,
        "last_updated_timestamp": 1_700_000_000_000}


def test_no_number_comes_twice(owner: Client, model: str) -> None:
    assert [add_version(owner), add_version(owner)] == ["1", "2"]
    done(owner, "model-versions/delete", "DELETE", name=model, version="2")
    assert add_version(owner) == "3"


@pytest.mark.parametrize("version", ["9", "x", "-1", "0", "\uff11", "9" * 30])
def test_a_missing_version_is_404(owner: Client, model: str, version: str) -> None:
    add_version(owner)
    for operation, method in (("get", "GET"), ("update", "PATCH"), ("delete", "DELETE"), ("get-download-uri", "GET")):
        reply = registry(owner, f"model-versions/{operation}", method, name=model, version=version)
        assert (reply.status, reply.message) == (404, f"Model Version (name={model}, version={version}) not found")


def test_a_version_is_described_and_tagged(owner: Client, model: str) -> None:
    add_version(owner)
    done(owner, "model-versions/update", "PATCH", name=model, version="1", description="new")
    for key in ("a", "b"):
        done(owner, "model-versions/set-tag", name=model, version="1", key=key, value="1")
    done(owner, "model-versions/delete-tag", "DELETE", name=model, version="1", key="a")
    found = read_version(owner, "1")
    assert (found["description"], found["tags"]) == ("new", [{"key": "b", "value": "1"}])


def test_the_registry_has_a_copy_of_its_own(owner: Client, model: str) -> None:
    experiment = done(owner, "experiments/create", name=f"{HOME}/x")["experiment_id"]
    run = start_run(owner, experiment)
    upload(owner, run, "model/MLmodel", b"flavors")
    add_version(owner, source=f"dbfs:/databricks/mlflow-tracking/{experiment}/{run}/artifacts/model", run_id=run)
    upload(owner, run, "model/MLmodel", b"changed")
    where = {"name": model, "version": "1"}
    assert done(owner, "model-versions/list-artifacts", "GET", **where)["files"] == [
        {"path": "MLmodel", "is_dir": False, "file_size": 7}]
    signed = done(owner, "model-versions/get-signed-download-uri", "GET", **where, path="MLmodel")["signed_uri"]
    assert send(owner, "GET", signed).body == b"flavors"
    assert done(owner, "model-versions/get-download-uri", "GET", **where)["artifact_uri"].startswith(
        "dbfs:/databricks/mlflow-registry/")
    assert add_version(owner, source=f"models:/{model}/1") == "2"
    assert len(done(owner, "model-versions/list-artifacts", "GET", name=model, version="2")["files"]) == 1


def test_version_whose_files_found_no_room_takes_no_number(owner: Client, model: str,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(28, "No space left on device")

    experiment = done(owner, "experiments/create", name=f"{HOME}/x")["experiment_id"]
    run = start_run(owner, experiment)
    upload(owner, run, "model/MLmodel", b"flavors")
    source = f"dbfs:/databricks/mlflow-tracking/{experiment}/{run}/artifacts/model"
    with monkeypatch.context() as full:
        full.setattr(os, "link", link)
        refused = registry(owner, "model-versions/create", name=model, source=source)
    assert refused.message == "the sandbox cannot keep this: [Errno 28] No space left on device"
    assert add_version(owner, source=source) == "1"


def test_files_elsewhere_are_named_and_not_held(owner: Client, model: str) -> None:
    where = {"name": model, "version": add_version(owner)}
    told = done(owner, "model-versions/get-download-uri", "GET", **where)
    assert told == {"artifact_uri": "dbfs:/elsewhere/model"}
    assert registry(owner, "model-versions/list-artifacts", "GET", **where).status == 404


def test_nobody_registers_what_he_may_not_read(owner: Client, stranger: Client, model: str) -> None:
    experiment = done(owner, "experiments/create", name=f"{HOME}/x")["experiment_id"]
    run = start_run(owner, experiment)
    upload(owner, run, "model/MLmodel", b"flavors")
    done(stranger, "registered-models/create", name="mine")
    add_version(owner, model)
    for source in (f"dbfs:/databricks/mlflow-tracking/{experiment}/{run}/artifacts/model", f"models:/{model}/1"):
        assert registry(stranger, "model-versions/create", name="mine", source=source).code == "PERMISSION_DENIED"


def test_a_source_does_not_lead_out_of_its_run(owner: Client, experiment_run: tuple[str, str], model: str) -> None:
    source = "dbfs:/databricks/mlflow-tracking/{}/{}/../../../x".format(*experiment_run)
    assert registry(owner, "model-versions/create", name=model, source=source).status == 400
    assert add_version(owner) == "1"


@pytest.fixture
def experiment_run(owner: Client) -> tuple[str, str]:
    experiment = str(done(owner, "experiments/create", name=f"{HOME}/x")["experiment_id"])
    return experiment, start_run(owner, experiment)


def test_who_only_reads_adds_no_version(owner: Client, stranger: Client, model: str) -> None:
    share(owner, model, "CAN_READ")
    assert registry(stranger, "model-versions/create", name=model, source="dbfs:/x").code == "PERMISSION_DENIED"


def numbers(client: Client, **fields: Any) -> list[str]:
    rows = done(client, "model-versions/search", "GET", **fields).get("model_versions", [])
    return [f"{row['name']} {row['version']}" for row in rows]


@pytest.mark.parametrize(("text", "found"), [
    ("", ["churn 2", "churn 1", "other 1"]), ("name='churn'", ["churn 2", "churn 1"]), ("run_id = 'r2'", ["churn 2"]),
    ("name = 'churn' and run_id = 'r2'", ["churn 2"]), ("name ILIKE 'OTH%'", ["other 1"]), ("name = 'no'", []),
    ("run_id IN ('r1', 'r2')", ["churn 2", "churn 1"]), ("tags.a = '1'", ["other 1"]),
    ("version_number > 1", ["churn 2"]), ("source_path = 'dbfs:/elsewhere/model'", ["churn 2", "churn 1", "other 1"]),
])
def test_versions_are_searched(owner: Client, model: str, text: str, found: list[str]) -> None:
    done(owner, "registered-models/create", name="other")
    add_version(owner, model, run_id="r1")
    add_version(owner, model, run_id="r2")
    add_version(owner, "other", tags=[{"key": "a", "value": "1"}])
    assert numbers(owner, filter=text) == found


def test_versions_are_read_in_pages_and_in_order(owner: Client, model: str) -> None:
    for _ in range(3):
        add_version(owner, model)
    first = done(owner, "model-versions/search", "GET", max_results=2, order_by=["version_number ASC"])
    assert [row["version"] for row in first["model_versions"]] == ["1", "2"]
    token = first["next_page_token"]
    assert numbers(owner, max_results=2, order_by=["version_number ASC"], page_token=token) == ["churn 3"]


@pytest.mark.parametrize("text", ["stage = 'None'", "name", "version_number = 'x' or name = 'y'"])
def test_bad_searches_are_refused(owner: Client, text: str) -> None:
    assert registry(owner, "model-versions/search", "GET", filter=text).code == "INVALID_PARAMETER_VALUE"
