"""Models in Unity Catalog over the REST API: pitfall G5."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.unity_catalog.conftest import CHURN, add_version, mlflow, told, unity


def names(client: Client, **fields: Any) -> list[str]:
    return [row["full_name"] for row in told(unity(client, "GET", "models", **fields))["registered_models"]]


def test_a_model_is_read_back(owner: Client) -> None:
    """G5: three parts, told apart and together."""
    made = told(unity(owner, "POST", "models", catalog_name="Main", schema_name="default", name="Churn", comment="c"))
    assert {made.pop(key) for key in ("created_at", "updated_at")} == {1_700_000_000_000}
    assert made.pop("storage_location").startswith("abfss://")
    assert made.pop("metastore_id")
    assert made == {
        "name": "churn", "catalog_name": "main", "schema_name": "default", "full_name": CHURN, "comment": "c",
        "owner": "owner@example.test", "created_by": "owner@example.test", "updated_by": "owner@example.test"}
    assert told(unity(owner, "GET", f"models/{CHURN}")).items() >= made.items()


def test_the_registries_do_not_know_each_other(owner: Client, model: str) -> None:
    """G5: workspace and Unity Catalog routes are distinct."""
    told(owner.ask("POST", "2.0/mlflow/registered-models/create", {"name": "plain"}))
    assert owner.ask("GET", "2.0/mlflow/registered-models/get", {"name": model}).status == 404
    assert names(owner) == [model]
    move = {"name": model, "version": add_version(owner), "stage": "Production", "archive_existing_versions": False}
    assert owner.ask("POST", "2.0/mlflow/databricks/model-versions/transition-stage", move).status == 404


def test_there_are_no_stages(owner: Client, model: str) -> None:
    """G5: neither a route for them nor a field."""
    version = add_version(owner, model)
    reply = mlflow(owner, "model-versions/transition-stage", name=model, version=version, stage="Production")
    assert (reply.status, reply.code) == (404, "ENDPOINT_NOT_FOUND")
    found = told(mlflow(owner, "model-versions/get", "GET", name=model, version=version))["model_version"]
    assert (found["status"], "current_stage" in found) == ("READY", False)


@pytest.mark.parametrize("name", ["churn", "default.churn", "a.b.c.d", "main.default.", "main.default.a b", ".."])
def test_a_name_has_three_parts(owner: Client, name: str) -> None:
    """G5: everything else is refused, by both APIs."""
    for reply in (mlflow(owner, "registered-models/create", name=name),
                  owner.ask("GET", "2.0/mlflow/unity-catalog/registered-models/get", {"name": name})):
        assert (reply.status, reply.code, reply.message) == (400, "INVALID_PARAMETER_VALUE", (
            f"'{name}' is not a valid name of a model in Unity Catalog; it must have three parts, as in "
            "catalog.schema.model"))


def test_a_name_must_be_given(owner: Client) -> None:
    for reply in (mlflow(owner, "registered-models/create"), mlflow(owner, "registered-models/get", "GET")):
        assert (reply.status, reply.message) == (400, "Missing required field: name")


def test_a_missing_model_is_a_routine_too(owner: Client) -> None:
    for reply in (unity(owner, "GET", f"models/{CHURN}"), mlflow(owner, "registered-models/get", "GET", name=CHURN)):
        assert (reply.status, reply.code, reply.message) == (
            404, "RESOURCE_DOES_NOT_EXIST", f"Routine or Model '{CHURN}' does not exist.")


def test_a_name_is_taken_once(owner: Client, model: str) -> None:
    reply = mlflow(owner, "registered-models/create", name=model.upper())
    assert (reply.code, reply.message) == ("RESOURCE_ALREADY_EXISTS", "Routine or Model 'churn' already exists")


@pytest.mark.parametrize(("fields", "code"), [
    ({"catalog_name": "no"}, "CATALOG_DOES_NOT_EXIST"), ({"schema_name": "no"}, "SCHEMA_DOES_NOT_EXIST"),
    ({"name": ""}, "INVALID_PARAMETER_VALUE"), ({"name": "a.b"}, "INVALID_PARAMETER_VALUE"),
])
def test_a_model_needs_a_place(owner: Client, fields: dict[str, str], code: str) -> None:
    body = {"catalog_name": "main", "schema_name": "default", "name": "churn", **fields}
    assert unity(owner, "POST", "models", **body).code == code


def test_a_model_is_changed(owner: Client, model: str) -> None:
    version = add_version(owner)
    changed = told(unity(owner, "PATCH", f"models/{model}", new_name="leavers", comment="new"))
    assert (changed["full_name"], changed["comment"]) == ("main.default.leavers", "new")
    assert told(unity(owner, "GET", f"models/main.default.leavers/versions/{version}"))["model_name"] == "leavers"


def test_a_change_that_is_refused_changes_nothing(owner: Client, model: str) -> None:
    told(unity(owner, "POST", "models", catalog_name="main", schema_name="default", name="other"))
    assert unity(owner, "PATCH", f"models/{model}", new_name="other", comment="x").code == "RESOURCE_ALREADY_EXISTS"
    assert "comment" not in told(unity(owner, "GET", f"models/{model}"))


def test_a_model_is_deleted_with_its_versions(owner: Client, model: str) -> None:
    add_version(owner)
    told(unity(owner, "DELETE", f"models/{model}"))
    assert (names(owner), unity(owner, "GET", f"models/{model}/versions").status) == ([], 404)


def test_an_alias_is_set_read_and_deleted(owner: Client, model: str) -> None:
    """G5: PUT, GET and DELETE by the path, the number in the body."""
    add_version(owner)
    add_version(owner)
    path = f"models/{model}/aliases/champion"
    assert told(unity(owner, "PUT", path, version_num=1)) == {"alias_name": "champion", "version_num": 1}
    told(unity(owner, "PUT", path, version_num=2))
    assert told(unity(owner, "GET", path))["version"] == 2
    found = told(owner.ask("GET", f"2.1/unity-catalog/models/{model}", query={"include_aliases": ["True"]}))
    assert found["aliases"] == [{"alias_name": "champion", "version_num": 2}]
    assert "aliases" not in told(unity(owner, "GET", f"models/{model}"))
    told(unity(owner, "DELETE", path))
    assert unity(owner, "GET", path).code == "RESOURCE_DOES_NOT_EXIST"


def test_aliases_of_a_version_are_told_when_asked_for(owner: Client, model: str) -> None:
    """G5: its own and no other's."""
    for number, alias in ((1, "first"), (2, "second")):
        add_version(owner)
        told(unity(owner, "PUT", f"models/{model}/aliases/{alias}", version_num=number))
    for path in ("versions/2", "aliases/second"):
        assert "aliases" not in told(unity(owner, "GET", f"models/{model}/{path}"))
        found = told(unity(owner, "GET", f"models/{model}/{path}", include_aliases=True))
        assert found["aliases"] == [{"alias_name": "second", "version_num": 2}]


@pytest.mark.parametrize(("alias", "body", "status", "message"), [
    ("v1", {"version_num": 1}, 400, "v1"), ("latest", {"version_num": 1}, 400, "latest"),
    ("a", {}, 400, "Missing required field: version_num"),
    ("a", {"version_num": 9}, 404, f"Model Version '{CHURN}' version 9 does not exist."),
    ("a", {"version_num": -1}, 404, f"Model Version '{CHURN}' version -1 does not exist."),
])
def test_bad_aliases_are_refused(
        owner: Client, model: str, alias: str, body: dict[str, int], status: int, message: str) -> None:
    add_version(owner)
    reply = unity(owner, "PUT", f"models/{model}/aliases/{alias}", **body)
    assert (reply.status, message in reply.message) == (status, True)


def test_versions_are_listed_newest_first(owner: Client, model: str) -> None:
    for _ in range(3):
        add_version(owner)
    first = told(unity(owner, "GET", f"models/{model}/versions", max_results=2))
    rest = told(unity(owner, "GET", f"models/{model}/versions", max_results=2, page_token=first["next_page_token"]))
    assert [row["version"] for row in (*first["model_versions"], *rest["model_versions"])] == [3, 2, 1]
    assert "next_page_token" not in rest


def test_everything_about_a_version_is_told(owner: Client, model: str) -> None:
    """G5: in the words of the REST API."""
    add_version(owner, model, description="c", run_id="r", run_tracking_server_id="17")
    found = told(unity(owner, "GET", f"models/{model}/versions/1"))
    root = told(unity(owner, "GET", f"models/{model}"))
    version_id = found.pop("id")
    assert found.pop("storage_location") == f"{root['storage_location']}/versions/{version_id}"
    common = {key: root[key] for key in ("catalog_name", "schema_name", "metastore_id", "created_by", "updated_by",
                                         "created_at", "updated_at")}
    assert found == {**common, "model_name": "churn", "version": 1, "source": "dbfs:/x", "status": "READY",
                     "comment": "c", "run_id": "r", "run_workspace_id": 17}


def test_a_version_is_described_and_deleted(owner: Client, model: str) -> None:
    add_version(owner, model, run_id="r", run_tracking_server_id="17")
    path = f"models/{model}/versions/1"
    assert told(unity(owner, "PATCH", path, comment="new"))["comment"] == "new"
    told(unity(owner, "DELETE", path))
    assert unity(owner, "GET", path).status == 404


def test_models_are_listed_by_schema(admin: Client, model: str) -> None:
    told(unity(admin, "POST", "schemas", catalog_name="main", name="team"))
    told(unity(admin, "POST", "models", catalog_name="main", schema_name="team", name="a"))
    assert names(admin) == [model, "main.team.a"]
    first = told(unity(admin, "GET", "models", max_results=1))
    assert [row["full_name"] for row in first["registered_models"]] == [model]
    assert names(admin, max_results=1000, page_token=first["next_page_token"]) == ["main.team.a"]
    assert unity(admin, "GET", "models", max_results=1001).code == "INVALID_PARAMETER_VALUE"
    assert names(admin, catalog_name="main", schema_name="team") == ["main.team.a"]
    told(unity(admin, "POST", "models", catalog_name="main", schema_name="default", name="arrears"))
    assert names(admin, catalog_name="Main", schema_name="DEFAULT") == ["main.default.arrears", model]
    assert names(admin, catalog_name="no", schema_name="no") == []
    for part in ("catalog_name", "schema_name"):
        reply = unity(admin, "GET", "models", **{part: "main"})
        assert (reply.code, reply.message) == (
            "INVALID_PARAMETER_VALUE", "catalog_name and schema_name must be given together, or neither of them")


def test_a_page_has_a_hundred_models_unless_told(workspace: Workspace, owner: Client) -> None:
    with workspace.state.lock:
        for number in range(101):
            workspace.state.unity_catalog.add(f"main.default.m{number}", "owner@example.test", 0)
    for page in (told(unity(owner, "GET", "models")), told(mlflow(owner, "registered-models/search", "GET"))):
        assert (len(page["registered_models"]), "next_page_token" in page) == (100, True)


def test_a_stranger_needs_privileges(owner: Client, stranger: Client, model: str) -> None:
    add_version(owner)
    reply = unity(stranger, "GET", f"models/{model}")
    assert (reply.status, reply.code, names(stranger)) == (403, "PERMISSION_DENIED", [])
    change = {"principal": "stranger@example.test", "add": ["EXECUTE"]}
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change]))
    assert (names(stranger), unity(stranger, "DELETE", f"models/{model}").status) == ([model], 403)
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[{**change, "add": ["MANAGE"]}]))
    assert told(unity(stranger, "GET", f"permissions/function/{model}")) == {"privilege_assignments": [
        {"principal": "stranger@example.test", "privileges": ["EXECUTE", "MANAGE"]}]}
    assert unity(stranger, "DELETE", f"models/{model}").status == 200


def test_privileges_of_others_do_not_count(workspace: Workspace, owner: Client, stranger: Client, model: str) -> None:
    change = {"principal": "admin@example.test", "add": ["ALL_PRIVILEGES"]}
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change]))
    named_like_a_group = Client(workspace, workspace.add_token(workspace.add_service_principal("admins").name))
    for client in (stranger, named_like_a_group):
        reply = unity(client, "GET", f"models/{model}")
        assert (reply.status, reply.message.partition(" does ")[2]) == (
            403, f"not have EXECUTE on Routine or Model '{model}'.")


def test_names_of_principals_have_no_case(workspace: Workspace, owner: Client, model: str) -> None:
    workspace.add_user("Mixed@Example.test")
    mixed = Client(workspace, workspace.add_token("Mixed@Example.test"))
    told(unity(mixed, "POST", "models", catalog_name="main", schema_name="default", name="own"))
    assert unity(mixed, "DELETE", "models/main.default.own").status == 200
    change = {"principal": "mixed@example.test", "add": ["EXECUTE"]}
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change]))
    assert unity(mixed, "GET", f"models/{model}").status == 200


def test_a_group_holds_privileges(owner: Client, stranger: Client, model: str) -> None:
    for change, status in (({"add": ["EXECUTE"]}, 200), ({"remove": ["EXECUTE"]}, 403)):
        told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[{"principal": "users", **change}]))
        assert unity(stranger, "GET", f"models/{model}").status == status


@pytest.mark.parametrize(("change", "status", "code", "message"), [
    ({"add": ["EXECUTE"]}, 400, "INVALID_PARAMETER_VALUE", "Each change must name a principal"),
    ({"principal": "users", "add": ["SELECT"]}, 400, "INVALID_PARAMETER_VALUE",
     "Privilege SELECT is not applicable to a model; applicable are ALL_PRIVILEGES, APPLY_TAG, EXECUTE, MANAGE"),
    ({"principal": "users", "remove": ["SELECT"]}, 400, "INVALID_PARAMETER_VALUE",
     "Privilege SELECT is not applicable to a model; applicable are ALL_PRIVILEGES, APPLY_TAG, EXECUTE, MANAGE"),
    ({"principal": "nobody", "add": ["EXECUTE"]}, 404, "PRINCIPAL_DOES_NOT_EXIST",
     "Could not find principal with name nobody"),
])
def test_bad_grants_are_refused(
        owner: Client, model: str, change: dict[str, Any], status: int, code: str, message: str) -> None:
    reply = unity(owner, "PATCH", f"permissions/function/{model}", changes=[change])
    assert (reply.status, reply.code, reply.message) == (status, code, message)
    assert told(unity(owner, "GET", f"permissions/function/{model}")) == {"privilege_assignments": []}


def test_only_privileges_on_models_are_there(owner: Client, model: str) -> None:
    for method in ("GET", "PATCH"):
        reply = unity(owner, method, f"permissions/table/{model}", changes=[])
        assert (reply.status, reply.message) == (
            501, "the sandbox does not model privileges on securables of type table")
    assert unity(owner, "GET", f"permissions/FUNCTION/{model}").status == 200


@pytest.mark.parametrize(("principal", "privilege"), [
    ("account users", "EXECUTE"), ("Account Users", "ALL_PRIVILEGES"), ("STRANGER@example.test", "MANAGE")])
def test_privilege_that_is_enough_lets_read(owner: Client, stranger: Client, model: str, principal: str,
                                            privilege: str) -> None:
    for privileges, status in ((["APPLY_TAG"], 403), ([privilege], 200)):
        change = {"principal": principal, "add": privileges}
        told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change]))
        assert unity(stranger, "GET", f"models/{model}").status == status


def test_principal_that_is_gone_loses_its_privileges(admin: Client, owner: Client, model: str) -> None:
    made = admin.post("2.0/preview/scim/v2/Groups", displayName="team").body
    told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[{"principal": "team", "add": ["EXECUTE"]}]))
    admin.ask("DELETE", f"2.0/preview/scim/v2/Groups/{made['id']}")
    change = {"principal": "team", "remove": ["EXECUTE"]}
    assert told(unity(owner, "PATCH", f"permissions/function/{model}", changes=[change])) == {
        "privilege_assignments": []}


def test_model_gets_an_owner_who_is_there(owner: Client, stranger: Client, model: str) -> None:
    reply = unity(owner, "PATCH", f"models/{model}", owner="nobody")
    assert (reply.status, reply.code) == (404, "PRINCIPAL_DOES_NOT_EXIST")
    assert told(unity(owner, "PATCH", f"models/{model}", owner="stranger@example.test"))["owner"] == \
        "stranger@example.test"
    assert [unity(client, "DELETE", f"models/{model}").status for client in (owner, stranger)] == [403, 200]


@pytest.mark.parametrize("server", ["x", "9" * 20, "9" * 5000], ids=len)
def test_tracking_server_that_is_no_workspace_is_left_out(owner: Client, model: str, server: str) -> None:
    add_version(owner, model, run_id="r", run_tracking_server_id=server)
    assert "run_workspace_id" not in told(unity(owner, "GET", f"models/{model}/versions/1"))
