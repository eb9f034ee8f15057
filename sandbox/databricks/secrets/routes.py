"""The Secrets API."""
from __future__ import annotations

import base64
from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.directory import USERS
from sandbox.databricks.errors import refuse
from sandbox.databricks.fields import read_base64
from sandbox.databricks.replies import without_empty
from sandbox.databricks.repos.logins import called_with_entra_token
from sandbox.databricks.secrets.errors import no_entra_token, no_vault_named
from sandbox.databricks.secrets.scope import KeyVault, Scope

_REQUIRED = {
    "scopes/create": ("scope",), "scopes/delete": ("scope",), "put": ("scope", "key"),
    "delete": ("scope", "key"), "get": ("scope", "key"), "list": ("scope",), "acls/list": ("scope",),
    "acls/get": ("scope", "principal"), "acls/delete": ("scope", "principal"),
    "acls/put": ("scope", "principal", "permission"),
}


def secret_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST scopes/create": _create, "POST scopes/delete": _delete_scope, "GET scopes/list": _scopes,
        "POST put": _put, "POST delete": _delete, "GET get": _get, "GET list": _list,
        "POST acls/put": _put_acl, "GET acls/get": _get_acl, "GET acls/list": _acls, "POST acls/delete": _delete_acl,
    }
    return routes_below("/api/2.0/secrets", handlers)


def _create(call: Call) -> dict[str, Any]:
    fields = _fields(call, "scopes/create")
    manager = fields.get("initial_manage_principal")
    if manager not in {None, USERS}:
        refuse(f"initial_manage_principal: got {manager!r}, the only principal possible is {USERS!r}")
    call.state.secrets.create(fields["scope"], call.caller, for_all_users=manager == USERS, vault=_vault(call, fields))
    return {}


def _vault(call: Call, fields: dict[str, Any]) -> KeyVault | None:
    """Azure is asked in the caller's name, so that a token of Databricks will not do."""
    named = fields.get("backend_azure_keyvault", {})
    if fields.get("scope_backend_type", "AZURE_KEYVAULT" if named else "DATABRICKS") == "DATABRICKS":
        return None
    if not named.get("resource_id") or not named.get("dns_name"):
        raise no_vault_named()
    if not called_with_entra_token(call):
        raise no_entra_token()
    return KeyVault(named["resource_id"], named["dns_name"])


def _delete_scope(call: Call) -> dict[str, Any]:
    call.state.secrets.delete(_fields(call, "scopes/delete")["scope"], call.caller)
    return {}


def _scopes(call: Call) -> dict[str, Any]:
    """Everyone sees every scope, as names are no secret."""
    rows = [_row(scope) for scope in call.state.secrets.all()]
    return without_empty(scopes=rows)


def _row(scope: Scope) -> dict[str, Any]:
    if scope.vault is None:
        return {"name": scope.name, "backend_type": "DATABRICKS"}
    return {"name": scope.name, "backend_type": "AZURE_KEYVAULT",
            "keyvault_metadata": {"resource_id": scope.vault.resource_id, "dns_name": scope.vault.dns_name}}


def _put(call: Call) -> dict[str, Any]:
    fields = _fields(call, "put")
    if ("string_value" in fields) == ("bytes_value" in fields):
        refuse("Exactly one of string_value and bytes_value must be given")
    value = (read_base64(fields["bytes_value"], "bytes_value") if "bytes_value" in fields
             else fields["string_value"].encode())
    call.state.secrets.put(fields["scope"], fields["key"], value, caller=call.caller, now=call.now)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    fields = _fields(call, "delete")
    call.state.secrets.remove(fields["scope"], fields["key"], call.caller)
    return {}


def _get(call: Call) -> dict[str, Any]:
    fields = _fields(call, "get")
    value = call.state.secrets.value(fields["scope"], fields["key"], call.caller)
    return {"key": fields["key"], "value": base64.b64encode(value).decode()}


def _list(call: Call) -> dict[str, Any]:
    secrets = call.state.secrets.secrets(_fields(call, "list")["scope"], call.caller)
    rows = [{"key": secret.key, "last_updated_timestamp": int(secret.changed * 1000)} for secret in secrets]
    return without_empty(secrets=rows)


def _put_acl(call: Call) -> dict[str, Any]:
    fields = _fields(call, "acls/put")
    call.state.secrets.grant(fields["scope"], fields["principal"], fields["permission"], call.caller)
    return {}


def _get_acl(call: Call) -> dict[str, Any]:
    fields = _fields(call, "acls/get")
    principal, level = call.state.secrets.granted(fields["scope"], fields["principal"], call.caller)
    return {"principal": principal, "permission": level}


def _acls(call: Call) -> dict[str, Any]:
    granted = call.state.secrets.all_granted(_fields(call, "acls/list")["scope"], call.caller)
    return {"items": [{"principal": name, "permission": level} for name, level in granted]}


def _delete_acl(call: Call) -> dict[str, Any]:
    fields = _fields(call, "acls/delete")
    call.state.secrets.revoke(fields["scope"], fields["principal"], call.caller)
    return {}


def _fields(call: Call, endpoint: str) -> dict[str, Any]:
    return call.fields(f"secrets/{endpoint}", *_REQUIRED[endpoint])
