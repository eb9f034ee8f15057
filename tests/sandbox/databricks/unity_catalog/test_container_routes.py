"""Catalogs and schemas: somewhere to put a model."""
from __future__ import annotations

import pytest

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


def test_only_admins_make_places_anywhere(admin: Client, owner: Client) -> None:
    told(unity(admin, "POST", "schemas", catalog_name="main", name="team"))
    replies = [unity(owner, "POST", "catalogs", name="lab"),
               unity(owner, "POST", "schemas", catalog_name="main", name="mine"),
               unity(owner, "DELETE", "schemas/main.team"),
               unity(owner, "POST", "models", catalog_name="main", schema_name="team", name="x")]
    assert [(reply.status, reply.code) for reply in replies] == [(403, "PERMISSION_DENIED")] * 4


@pytest.mark.parametrize(("method", "path", "body", "code"), [
    ("GET", "catalogs/no", {}, "CATALOG_DOES_NOT_EXIST"), ("GET", "schemas/main.no", {}, "SCHEMA_DOES_NOT_EXIST"),
    ("GET", "schemas/main", {}, "SCHEMA_DOES_NOT_EXIST"),
    ("GET", "catalogs/main.default", {}, "CATALOG_DOES_NOT_EXIST"),
    ("GET", "schemas", {}, "INVALID_PARAMETER_VALUE"),
    ("GET", "schemas", {"catalog_name": "no"}, "CATALOG_DOES_NOT_EXIST"),
    ("POST", "catalogs", {"name": "main"}, "CATALOG_ALREADY_EXISTS"),
    ("POST", "schemas", {"name": "default", "catalog_name": "main"}, "SCHEMA_ALREADY_EXISTS"),
    ("POST", "schemas", {"name": "x", "catalog_name": "main.default"}, "CATALOG_DOES_NOT_EXIST"),
    ("POST", "catalogs", {"name": "a.b"}, "INVALID_PARAMETER_VALUE"),
    ("POST", "catalogs", {}, "INVALID_PARAMETER_VALUE"),
])
def test_bad_requests_are_refused(admin: Client, method: str, path: str, body: dict[str, str], code: str) -> None:
    assert unity(admin, method, path, **body).code == code
