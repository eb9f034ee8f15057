"""Registered models of the workspace registry: the contract's section 8."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.registry.conftest import add_version, done, registry, share


def names(client: Client, **fields: Any) -> list[str]:
    rows = done(client, "registered-models/search", "GET", **fields).get("registered_models", [])
    return [row["name"] for row in rows]


def test_a_model_is_read_back(owner: Client) -> None:
    made = done(owner, "registered-models/create", name="churn", description="who leaves",
                tags=[{"key": "team", "value": "risk"}])
    assert made["registered_model"] == {
        "name": "churn", "description": "who leaves", "tags": [{"key": "team", "value": "risk"}],
        "user_id": "owner@example.test", "creation_timestamp": 1_700_000_000_000,
        "last_updated_timestamp": 1_700_000_000_000}
    assert done(owner, "registered-models/get", "GET", name="churn") == made


def test_the_services_own_route_tells_id_and_level(owner: Client, model: str) -> None:
    found = done(owner, "databricks/registered-models/get", "GET", name=model)["registered_model_databricks"]
    assert (int(found["id"]) > 2**53, found["permission_level"]) == (True, "CAN_MANAGE")


@pytest.mark.parametrize(("operation", "method", "body"), [
    ("registered-models/get", "GET", {}), ("databricks/registered-models/get", "GET", {}),
    ("registered-models/update", "PATCH", {}), ("registered-models/delete", "DELETE", {}),
    ("registered-models/rename", "POST", {"new_name": "x"}), ("model-versions/create", "POST", {"source": "x"}),
    ("registered-models/get-latest-versions", "POST", {}), ("registered-models/set-tag", "POST", {"key": "a"}),
])
def test_a_missing_model_is_404(owner: Client, operation: str, method: str, body: dict[str, str]) -> None:
    reply = registry(owner, operation, method, name="no", **body)
    assert (reply.status, reply.code, reply.message) == (
        404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=no not found")
    assert registry(owner, operation, method, **body).message == "Missing required field: name"


def test_a_name_is_taken_once(owner: Client, model: str) -> None:
    reply = registry(owner, "registered-models/create", name=model)
    assert (reply.status, reply.code) == (400, "RESOURCE_ALREADY_EXISTS")
    done(owner, "registered-models/create", name="other")
    assert registry(owner, "registered-models/rename", name="other", new_name=model).code == "RESOURCE_ALREADY_EXISTS"


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "a.b", "main.default.churn", "..", "a\nb", "x" * 257])
def test_bad_names_are_refused(owner: Client, name: str) -> None:
    """G5: a name of three parts belongs to Unity Catalog, whose routes are others."""
    reply = registry(owner, "registered-models/create", name=name)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")


def test_a_model_is_renamed_with_its_versions(owner: Client, model: str) -> None:
    version = add_version(owner, model)
    done(owner, "registered-models/rename", name=model, new_name="leavers")
    assert names(owner) == ["leavers"]
    found = done(owner, "model-versions/get", "GET", name="leavers", version=version)["model_version"]
    assert found["name"] == "leavers"


def test_a_model_is_described_and_tagged(owner: Client, model: str) -> None:
    done(owner, "registered-models/update", "PATCH", name=model, description="new")
    for key in ("a", "b"):
        done(owner, "registered-models/set-tag", name=model, key=key, value="1")
    done(owner, "registered-models/delete-tag", "DELETE", name=model, key="a")
    found = done(owner, "registered-models/get", "GET", name=model)["registered_model"]
    assert (found["description"], found["tags"]) == ("new", [{"key": "b", "value": "1"}])


def test_what_is_deleted_may_stand_in_the_query(owner: Client, model: str) -> None:
    reply = owner.ask("DELETE", "2.0/mlflow/registered-models/delete", query={"name": [model]})
    assert (reply.status, reply.body, names(owner)) == (200, {}, [])


def test_an_alias_is_set_read_and_deleted(owner: Client, model: str) -> None:
    """G5: as far as the workspace registry knows aliases."""
    for version in (add_version(owner), add_version(owner)):
        done(owner, "registered-models/alias", name=model, alias="champion", version=version)
    found = done(owner, "registered-models/alias", "GET", name=model, alias="champion")["model_version"]
    assert (found["version"], found["aliases"]) == ("2", ["champion"])
    told = done(owner, "registered-models/get", "GET", name=model)["registered_model"]["aliases"]
    assert told == [{"alias": "champion", "version": "2"}]
    done(owner, "registered-models/alias", "DELETE", name=model, alias="champion")
    reply = registry(owner, "registered-models/alias", "GET", name=model, alias="champion")
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("alias", ["latest", "v1", "V22", "a b", "a/b", "x" * 256])
def test_bad_aliases_are_refused(owner: Client, model: str, alias: str) -> None:
    reply = registry(owner, "registered-models/alias", name=model, alias=alias, version=add_version(owner))
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")


def test_an_alias_goes_with_its_version(owner: Client, model: str) -> None:
    done(owner, "registered-models/alias", name=model, alias="champion", version=add_version(owner))
    done(owner, "model-versions/delete", "DELETE", name=model, version="1")
    assert registry(owner, "registered-models/alias", "GET", name=model, alias="champion").status == 404
    assert "aliases" not in done(owner, "registered-models/get", "GET", name=model)["registered_model"]


def test_a_name_of_three_parts_is_sent_to_unity_catalog(owner: Client) -> None:
    """G5: the refusal says that there are other routes."""
    reply = registry(owner, "registered-models/create", name="main.default.churn")
    assert "those of models in Unity Catalog" in reply.message


@pytest.mark.parametrize(("level", "statuses"), [
    ("CAN_READ", [200, 403, 403]), ("CAN_EDIT", [200, 200, 403]), ("CAN_MANAGE", [200, 200, 200]),
])
def test_levels_decide(owner: Client, stranger: Client, model: str, level: str, statuses: list[int]) -> None:
    share(owner, model, level)
    replies = [registry(stranger, "registered-models/get", "GET", name=model),
               registry(stranger, "registered-models/update", "PATCH", name=model, description="x"),
               registry(stranger, "registered-models/delete", "DELETE", name=model)]
    assert [reply.status for reply in replies] == statuses


def test_a_stranger_sees_nothing(owner: Client, stranger: Client, model: str) -> None:
    add_version(owner)
    assert registry(stranger, "registered-models/get", "GET", name=model).code == "PERMISSION_DENIED"
    assert done(stranger, "registered-models/search", "GET") == {}
    assert done(stranger, "model-versions/search", "GET") == {}


@pytest.mark.parametrize(("text", "found"), [
    ("", ["Churn 2", "a_b", "churn"]), ("name = 'churn'", ["churn"]), ("name ILIKE 'CHURN%'", ["Churn 2", "churn"]),
    ("name LIKE 'churn%'", ["churn"]), ("tags.team = 'risk'", ["a_b"]), ("name = 'no'", []),
])
def test_models_are_searched(owner: Client, text: str, found: list[str]) -> None:
    for name in ("churn", "Churn 2"):
        done(owner, "registered-models/create", name=name)
    done(owner, "registered-models/create", name="a_b", tags=[{"key": "team", "value": "risk"}])
    assert names(owner, filter=text) == found


def test_models_are_read_in_pages(owner: Client) -> None:
    for name in "abc":
        done(owner, "registered-models/create", name=name)
    first = done(owner, "registered-models/search", "GET", max_results=2, order_by=["name DESC"])
    assert [row["name"] for row in first["registered_models"]] == ["c", "b"]
    rest = done(owner, "registered-models/list", "GET", max_results=2, page_token=first["next_page_token"])
    assert [row["name"] for row in rest["registered_models"]] == ["c"]


@pytest.mark.parametrize("body", [{"max_results": 0}, {"max_results": 1001}, {"filter": "run_id = 'x'"},
                                  {"order_by": ["source"]}, {"filter": "name"}])
def test_bad_searches_are_refused(owner: Client, model: str, body: dict[str, Any]) -> None:
    assert model
    assert registry(owner, "registered-models/search", "GET", **body).code == "INVALID_PARAMETER_VALUE"
