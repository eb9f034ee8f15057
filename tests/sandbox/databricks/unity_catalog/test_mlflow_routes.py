"""Models in Unity Catalog over the routes of mlflow 2: pitfall G5."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.mlflow.artifacts.test_artifact_routes import send
from tests.sandbox.databricks.unity_catalog.conftest import CHURN, add_version, mlflow, told, unity

WRITING, READING = "MODEL_VERSION_OPERATION_READ_WRITE", "MODEL_VERSION_OPERATION_READ"


def new_version(client: Client) -> dict[str, Any]:
    made = told(mlflow(client, "model-versions/create", name=CHURN, source="dbfs:/x"))
    return dict(made["model_version"])


def signed(client: Client, kind: str, path: str) -> Reply:
    return client.ask("POST", f"2.0/fs/create-{kind}-url", {"path": path})


def test_a_version_is_pending_until_it_is_finalized(owner: Client, model: str) -> None:
    """G5: PENDING_REGISTRATION until the client says that the files are there."""
    where = {"name": model, "version": new_version(owner)["version"]}
    found = told(mlflow(owner, "model-versions/get", "GET", **where))["model_version"]
    assert found["status"] == "PENDING_REGISTRATION"
    done = told(mlflow(owner, "model-versions/finalize", **where))["model_version"]
    assert (done["status"], done["storage_location"].startswith("abfss://")) == ("READY", True)


def test_a_registration_may_fail(workspace: Workspace, owner: Client, model: str) -> None:
    """G5: the message says why."""
    workspace.state.unity_catalog.registration_failures[model] = "signature is missing"
    where = {"name": model, "version": add_version(owner)}
    found = told(mlflow(owner, "model-versions/get", "GET", **where))["model_version"]
    assert (found["status"], found["status_message"]) == ("FAILED_REGISTRATION", "signature is missing")


def test_files_are_uploaded_listed_and_read(owner: Client, model: str) -> None:
    new_version(owner)
    for name in ("MLmodel", "data/model.bin"):
        url = told(signed(owner, "upload", f"/Models/main/default/churn/1/{name}"))["url"]
        assert send(owner, "PUT", url, b"1234").status == 201
    rows = told(owner.ask("GET", "2.0/fs/directories/Models/main/default/churn/1/"))["contents"]
    root = "/Models/main/default/churn/1"
    assert rows == [{"path": f"{root}/MLmodel", "name": "MLmodel", "is_directory": False, "file_size": 4},
                    {"path": f"{root}/data", "name": "data", "is_directory": True}]
    told(mlflow(owner, "model-versions/finalize", name=model, version="1"))
    assert send(owner, "GET", told(signed(owner, "download", f"{root}/data/model.bin"))["url"]).body == b"1234"
    assert told(signed(owner, "download", f"{root}/MLmodel"))["headers"] == []
    refused = signed(owner, "upload", f"{root}/MLmodel")
    assert (refused.status, refused.code) == (400, "INVALID_STATE")
    assert refused.message.endswith("/1/MLmodel) cannot be changed once it is registered")


@pytest.mark.parametrize("route", ["model-versions/delete", "registered-models/delete"])
def test_files_go_with_what_they_belong_to(workspace: Workspace, owner: Client, model: str, route: str) -> None:
    where = {"name": model, "version": new_version(owner)["version"]}
    url = told(signed(owner, "upload", "/Models/main/default/churn/1/MLmodel"))["url"]
    assert send(owner, "PUT", url, b"1234").status == 201
    found = workspace.state.unity_catalog.named(model)
    assert found is not None
    folder = f"unity-catalog/models/{found.model_id}/1"
    assert workspace.state.mlflow.artifacts.is_directory(folder)
    told(mlflow(owner, route, "DELETE", **where))
    assert not workspace.state.mlflow.artifacts.is_directory(folder)


@pytest.mark.parametrize(("path", "status", "message"), [
    *((path, 501, "the sandbox does not model files outside of /Models") for path in ("/Volumes/a/b/c/d", "")),
    ("/Models/main/default/churn", 400, ("Invalid path: '/Models/main/default/churn', expected "
                                          "/Models/<catalog>/<schema>/<model>/<version>/...")),
    ("/Models/main/default/churn/9/x", 404, "Model Version 'main.default.churn' version 9 does not exist."),
    ("/Models/main/default/no/1/x", 404, "Routine or Model 'main.default.no' does not exist."),
])
def test_only_files_of_models_are_there(owner: Client, model: str, path: str, status: int, message: str) -> None:
    assert model
    new_version(owner)
    for reply in (signed(owner, "upload", path), signed(owner, "download", path)):
        assert (reply.status, reply.message) == (status, message)


def test_a_folder_that_is_not_there_is_404(owner: Client, model: str) -> None:
    assert model
    new_version(owner)
    reply = owner.ask("GET", "2.0/fs/directories/Models/main/default/churn/1/no")
    assert (reply.status, reply.code, reply.message) == (
        404, "NOT_FOUND", "The directory being accessed is not found: /Models/main/default/churn/1/no")


def test_credentials_send_clients_to_signed_addresses(owner: Client, model: str) -> None:
    where = {"name": model, "version": new_version(owner)["version"]}
    credentials = "model-versions/generate-temporary-credentials"
    given = told(mlflow(owner, credentials, **where, operation=WRITING))["credentials"]
    assert given == {"storage_mode": "DEFAULT_STORAGE", "expiration_time": 1_700_003_600_000}
    told(mlflow(owner, "model-versions/finalize", **where))
    assert mlflow(owner, credentials, **where, operation=WRITING).code == "INVALID_STATE"
    assert mlflow(owner, credentials, **where, operation=READING).status == 200
    assert mlflow(owner, credentials, **where).message == "Missing required field: operation"
    enabled = told(mlflow(owner, "registered-models:is-databricks-sdk-models-artifact-repository-enabled", "GET"))
    assert list(enabled.values()) == [False]


def test_who_may_only_read_gets_no_credentials_to_write(owner: Client, stranger: Client, model: str) -> None:
    where = {"name": model, "version": new_version(owner)["version"]}
    change = {"principal": "stranger@example.test", "add": ["EXECUTE"]}
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change]))
    credentials = "model-versions/generate-temporary-credentials"
    replies = [mlflow(stranger, credentials, **where, operation=operation) for operation in (READING, WRITING)]
    replies += [signed(stranger, kind, "/Models/main/default/churn/1/x") for kind in ("download", "upload")]
    assert [reply.status for reply in replies] == [200, 403, 200, 403]


def test_a_second_finalize_does_not_put_it_off(
        workspace: Workspace, clock: FakeClock, owner: Client, model: str) -> None:
    """G5: READY some time after the first."""
    workspace.state.unity_catalog.registration_seconds = 10
    where = {"name": model, "version": add_version(owner)}
    clock.advance(6)
    assert told(mlflow(owner, "model-versions/finalize", **where))["model_version"]["status"] == "PENDING_REGISTRATION"
    clock.advance(4)
    assert told(mlflow(owner, "model-versions/get", "GET", **where))["model_version"]["status"] == "READY"


def test_lineage_is_of_a_version_that_is_there(owner: Client, model: str) -> None:
    reply = mlflow(owner, "model-versions/emit-lineage", name=model, version="9")
    assert (reply.status, reply.message) == (404, f"Model Version '{model}' version 9 does not exist.")


@pytest.mark.parametrize(("route", "key", "largest"), [
    ("registered-models", "registered_models", 1000), ("model-versions", "model_versions", 10_000)])
def test_what_is_found_comes_by_page(owner: Client, model: str, route: str, key: str, largest: int) -> None:
    told(mlflow(owner, "registered-models/create", name="main.default.second"))
    for name in (model, "main.default.second"):
        add_version(owner, name)
    first = told(mlflow(owner, f"{route}/search", "GET", max_results=1))
    rest = told(mlflow(owner, f"{route}/search", "GET", max_results=largest, page_token=first["next_page_token"]))
    assert {row["name"] for page in (first, rest) for row in page[key]} == {model, "main.default.second"}
    assert "next_page_token" not in rest
    assert mlflow(owner, f"{route}/search", "GET", max_results=0).status == 200
    assert mlflow(owner, f"{route}/search", "GET", max_results=largest + 1).code == "INVALID_PARAMETER_VALUE"


def test_a_stranger_neither_reads_nor_writes_files(owner: Client, stranger: Client, model: str) -> None:
    where = {"name": model, "version": new_version(owner)["version"]}
    replies = [signed(stranger, kind, "/Models/main/default/churn/1/x") for kind in ("upload", "download")]
    replies += [mlflow(stranger, "model-versions/generate-temporary-credentials", **where, operation=READING),
                mlflow(stranger, "model-versions/get", "GET", **where),
                mlflow(stranger, "model-versions/create", name=model, source="x")]
    assert {reply.code for reply in replies} == {"PERMISSION_DENIED"}


def test_an_alias_is_set_read_and_deleted(owner: Client, model: str) -> None:
    """G5: load by alias asks this route."""
    alias = {"name": model, "alias": "champion"}
    told(mlflow(owner, "registered-models/alias", **alias, version=add_version(owner, run_tracking_server_id="17")))
    told(mlflow(owner, "registered-models/alias", name=model, alias="second", version=add_version(owner)))
    found = told(mlflow(owner, "registered-models/alias", "GET", **alias))["model_version"]
    assert (found["version"], found["aliases"]) == ("1", [{"alias": "champion", "version": "1"}])
    assert found["run_tracking_server_id"] == "17"
    told(mlflow(owner, "registered-models/alias", "DELETE", **alias))
    reply = mlflow(owner, "registered-models/alias", "GET", **alias)
    assert (reply.status, reply.message) == (404, f"Alias 'champion' of model '{model}' does not exist.")


def test_models_and_versions_are_described_and_tagged(owner: Client, model: str) -> None:
    where = {"name": model, "version": add_version(owner)}
    for kind, one in (("registered-models", {"name": model}), ("model-versions", where)):
        told(mlflow(owner, f"{kind}/update", "PATCH", **one, description="new"))
        for key in ("a", "b"):
            told(mlflow(owner, f"{kind}/set-tag", **one, key=key, value="1"))
        told(mlflow(owner, f"{kind}/delete-tag", "DELETE", **one, key="a"))
        found = next(iter(told(mlflow(owner, f"{kind}/get", "GET", **one)).values()))
        assert (found["description"], found["tags"]) == ("new", [{"key": "b", "value": "1"}])


def test_models_and_versions_are_searched(owner: Client, stranger: Client, model: str) -> None:
    add_version(owner, run_id="r")
    for text, count in (("", 1), (f"name='{model}'", 1), ("run_id = 'r'", 1), ("run_id = 'no'", 0)):
        assert len(told(mlflow(owner, "model-versions/search", "GET", filter=text))["model_versions"]) == count
    assert told(mlflow(stranger, "model-versions/search", "GET")) == {"model_versions": []}
    found = told(mlflow(owner, "registered-models/search", "GET"))["registered_models"]
    assert [row["name"] for row in found] == [model]
    assert told(mlflow(stranger, "registered-models/search", "GET")) == {"registered_models": []}


def test_what_is_deleted_is_gone(owner: Client, model: str) -> None:
    where = {"name": model, "version": add_version(owner)}
    assert mlflow(owner, "model-versions/emit-lineage", **where).body == {}
    assert told(mlflow(owner, "model-versions/get-download-uri", "GET", **where))["artifact_uri"].startswith("abfss://")
    told(mlflow(owner, "model-versions/delete", "DELETE", **where))
    assert mlflow(owner, "model-versions/get", "GET", **where).status == 404
    told(mlflow(owner, "registered-models/update", "PATCH", name=model, new_name="main.default.other"))
    told(mlflow(owner, "registered-models/delete", "DELETE", name="main.default.other"))
    assert mlflow(owner, "registered-models/get", "GET", name="main.default.other").status == 404
