"""Making, changing and reading principals through SCIM."""
from __future__ import annotations

from typing import Any

from tests.sandbox.databricks.conftest import Client, Reply

SCIM = "2.0/preview/scim/v2"
APPLICATION = "11111111-2222-3333-4444-555555555555"
BODIES: dict[str, dict[str, Any]] = {
    "Users": {"userName": "anna@example.test", "displayName": "Anna", "name": {"givenName": "An", "familyName": "Na"},
              "entitlements": [{"value": "allow-cluster-create"}], "externalId": "x-1"},
    "Groups": {"displayName": "team", "entitlements": [{"value": "allow-cluster-create"}]},
    "ServicePrincipals": {"applicationId": APPLICATION, "displayName": "pipeline"},
}


def post(client: Client, collection: str, **changes: Any) -> Reply:
    return client.ask("POST", f"{SCIM}/{collection}", {**BODIES[collection], **changes})


def made(client: Client, collection: str, **changes: Any) -> str:
    reply = post(client, collection, **changes)
    assert reply.status == 201, reply
    return str(reply.body["id"])


def patch(client: Client, collection: str, one: str, *operations: dict[str, Any]) -> Reply:
    return client.ask("PATCH", f"{SCIM}/{collection}/{one}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)})


def read(client: Client, collection: str, one: str) -> dict[str, Any]:
    return dict(client.get(f"{SCIM}/{collection}/{one}").body)
