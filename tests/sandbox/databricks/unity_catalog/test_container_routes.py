"""Catalogs and schemas: somewhere to put a model."""
from __future__ import annotations

import pytest

from sandbox.databricks.unity_catalog.catalog import Container
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.unity_catalog.conftest import told, unity


def test_there_is_a_place_from_the_start(stranger: Client) -> None:
    assert [row["name"] for row in told(unity(stranger, "GET", "catalogs"))["catalogs"]] == ["main"]
    rows = told(unity(stranger, "GET", "schemas", catalog_name="main"))["schemas"]
    assert [row["full_name"] for row in rows] == ["main.default"]
    assert unity(stranger, "POST", "models", catalog_name="main", schema_name="default", name="x").status == 200


def test_places_are_made_and_deleted(admin: Client) -> None:
    made = told(unity(admin, "POST", "catalogs", name="Lab", comment="c"))
    assert (made["name"], made["comment"], made["securable_type"]) == ("lab", "c", "CATALOG")
    told(unity(admin, "POST", "schemas", catalog_name="lab", name="risk"))
    assert told(unity(admin, "GET", "schemas/lab.risk"))["catalog_name"] == "lab"
    assert unity(admin, "DELETE", "catalogs/lab").code == "CATALOG_NOT_EMPTY"
    told(unity(admin, "POST", "models", catalog_name="lab", schema_name="risk", name="x"))
    assert unity(admin, "DELETE", "schemas/lab.risk").code == "SCHEMA_NOT_EMPTY"
    for path in ("models/lab.risk.x", "schemas/lab.risk", "catalogs/lab"):
        assert unity(admin, "DELETE", path).body == {}
    assert unity(admin, "GET", "catalogs/lab").code == "CATALOG_DOES_NOT_EXIST"


def test_everything_about_a_place_is_told(admin: Client, workspace: Workspace) -> None:
    told(unity(admin, "POST", "catalogs", name="lab"))
    schema = told(unity(admin, "POST", "schemas", catalog_name="lab", name="risk"))
    common = {"owner": "admin@example.test", "created_by": "admin@example.test", "updated_by": "admin@example.test",
              "created_at": 1_700_000_000_000, "updated_at": 1_700_000_000_000, "catalog_type": "MANAGED_CATALOG",
              "metastore_id": workspace.state.unity_catalog.metastore_id}
    assert schema == {"name": "risk", "full_name": "lab.risk", "catalog_name": "lab", "securable_type": "SCHEMA",
                      **common}
    assert told(unity(admin, "GET", "catalogs/lab")) == {
        "name": "lab", "full_name": "lab", "isolation_mode": "OPEN", "securable_type": "CATALOG", **common}


def test_names_of_places_have_no_case(admin: Client) -> None:
    assert told(unity(admin, "GET", "catalogs/MAIN"))["name"] == "main"
    made = told(unity(admin, "POST", "schemas", catalog_name="Main", name="Team"))
    assert made["full_name"] == "main.team"
    rows = told(unity(admin, "GET", "schemas", catalog_name="MAIN"))["schemas"]
    assert [row["name"] for row in rows] == ["default", "team"]


def test_places_are_listed_by_name_and_by_page(admin: Client) -> None:
    for name in ("zoo", "lab"):
        told(unity(admin, "POST", "catalogs", name=name))
    first = told(unity(admin, "GET", "catalogs", max_results=2))
    rest = told(unity(admin, "GET", "catalogs", max_results=2, page_token=first["next_page_token"]))
    assert [row["name"] for row in first["catalogs"]] == ["lab", "main"]
    assert ([row["name"] for row in rest["catalogs"]], "next_page_token" in rest) == (["zoo"], False)
    assert unity(admin, "GET", "catalogs", max_results=1001).code == "INVALID_PARAMETER_VALUE"


def test_owner_of_a_place_does_everything_in_it(workspace: Workspace, admin: Client, owner: Client) -> None:
    for name in ("lab", "lab.risk"):
        workspace.state.unity_catalog.add_container(Container(name, "owner@example.test", 0))
    told(unity(owner, "POST", "schemas", catalog_name="lab", name="second"))
    told(unity(owner, "POST", "models", catalog_name="lab", schema_name="risk", name="x"))
    told(unity(admin, "POST", "models", catalog_name="lab", schema_name="risk", name="y"))
    told(unity(admin, "DELETE", "models/lab.risk.y"))
    for path in ("models/lab.risk.x", "schemas/lab.risk", "schemas/lab.second", "catalogs/lab"):
        told(unity(owner, "DELETE", path))


def test_only_admins_make_places_anywhere(admin: Client, owner: Client) -> None:
    told(unity(admin, "POST", "schemas", catalog_name="main", name="team"))
    replies = [unity(owner, "POST", "catalogs", name="lab"),
               unity(owner, "POST", "schemas", catalog_name="main", name="mine"),
               unity(owner, "DELETE", "schemas/main.team"),
               unity(owner, "POST", "models", catalog_name="main", schema_name="team", name="x")]
    assert {(reply.status, reply.code) for reply in replies} == {(403, "PERMISSION_DENIED")}
    assert [reply.message.removeprefix("User owner@example.test does not have ") for reply in replies] == [
        "CREATE CATALOG on Metastore.", "CREATE SCHEMA on 'main'.", "MANAGE on 'main.team'.",
        "CREATE MODEL on Schema 'main.team'."]


@pytest.mark.parametrize(("method", "path", "body", "status", "code", "message"), [
    ("GET", "catalogs/no", {}, 404, "CATALOG_DOES_NOT_EXIST", "Catalog 'no' does not exist."),
    ("GET", "schemas/main.no", {}, 404, "SCHEMA_DOES_NOT_EXIST", "Schema 'main.no' does not exist."),
    ("GET", "schemas/main", {}, 404, "SCHEMA_DOES_NOT_EXIST", "Schema 'main' does not exist."),
    ("GET", "catalogs/main.default", {}, 404, "CATALOG_DOES_NOT_EXIST", "Catalog 'main.default' does not exist."),
    ("GET", "schemas", {}, 400, "INVALID_PARAMETER_VALUE", "Missing required field: catalog_name"),
    ("GET", "schemas", {"catalog_name": "no"}, 404, "CATALOG_DOES_NOT_EXIST", "Catalog 'no' does not exist."),
    ("GET", "schemas", {"catalog_name": "main.default"}, 404, "CATALOG_DOES_NOT_EXIST",
     "Catalog 'main.default' does not exist."),
    ("POST", "catalogs", {"name": "main"}, 400, "CATALOG_ALREADY_EXISTS", "Catalog 'main' already exists"),
    ("POST", "schemas", {"name": "default", "catalog_name": "main"}, 400, "SCHEMA_ALREADY_EXISTS",
     "Schema 'main.default' already exists"),
    ("POST", "schemas", {"name": "x", "catalog_name": "main.default"}, 404, "CATALOG_DOES_NOT_EXIST",
     "Catalog 'main.default' does not exist."),
    ("POST", "schemas", {"name": "x", "catalog_name": "no"}, 404, "CATALOG_DOES_NOT_EXIST",
     "Catalog 'no' does not exist."),
    ("POST", "catalogs", {"name": "a.b"}, 400, "INVALID_PARAMETER_VALUE", "'a.b' is not a valid name of a catalog"),
    ("POST", "catalogs", {"name": "x" * 256}, 400, "INVALID_PARAMETER_VALUE",
     f"'{'x' * 100}' is not a valid name of a catalog"),
    ("POST", "catalogs", {}, 400, "INVALID_PARAMETER_VALUE", "Missing required field: name"),
    ("DELETE", "catalogs/main", {}, 400, "CATALOG_NOT_EMPTY", "Catalog 'main' is not empty"),
])
def test_bad_requests_are_refused(
        admin: Client, method: str, path: str, body: dict[str, str], status: int, code: str, message: str) -> None:
    reply = unity(admin, method, path, **body)
    assert (reply.status, reply.code, reply.message) == (status, code, message)
