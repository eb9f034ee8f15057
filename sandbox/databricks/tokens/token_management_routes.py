"""The Token Management API: what admins see and do with everyone's tokens."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.errors import unknown_principal
from sandbox.databricks.tokens.errors import no_token, only_for_admins
from sandbox.databricks.tokens.token_creation import create_token
from sandbox.databricks.tokens.token_routes import changed
from sandbox.databricks.tokens.token_store import AccessToken
from sandbox.databricks.tokens.token_view import managed_token

_BASE = "/api/2.0/token-management"


def token_management_routes() -> Routes:
    return [
        ("GET", f"{_BASE}/tokens", _for_admins(_list)),
        ("GET", f"{_BASE}/tokens/{{id}}", _for_admins(_get)),
        ("PATCH", f"{_BASE}/tokens/{{id}}", _for_admins(_update)),
        ("DELETE", f"{_BASE}/tokens/{{id}}", _for_admins(_delete)),
        ("POST", f"{_BASE}/on-behalf-of/tokens", _for_admins(_create_on_behalf)),
    ]


def _for_admins(handler: Handler) -> Handler:
    def answer(call: Call) -> Any:  # noqa: ANN401 - as the handler
        if not call.is_admin:
            raise only_for_admins(call.caller.name)
        return handler(call)

    return answer


def _list(call: Call) -> dict[str, Any]:
    return {"token_infos": [managed_token(call.state, token) for token in _created_by(call)]}


def _created_by(call: Call) -> list[AccessToken]:
    """All tokens, or those of the creator the request names: one that is not known has none."""
    fields = call.fields("token-management/list")
    name, creator_id = fields.get("created_by_username"), fields.get("created_by_id")
    if not name:
        return call.state.tokens.created_by(str(creator_id)) if creator_id else call.state.tokens.all()
    found = (call.state.directory.find(kind, name) for kind in (PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL))
    return [token for who in found if who is not None for token in call.state.tokens.created_by(who.id)]


def _get(call: Call) -> dict[str, Any]:
    return {"token_info": managed_token(call.state, _token(call))}


def _update(call: Call) -> dict[str, Any]:
    token = changed(_token(call), call.fields("token/update"))
    call.state.tokens.change(token)
    return managed_token(call.state, token)


def _delete(call: Call) -> dict[str, Any]:
    call.state.tokens.remove(_token(call).token_id)
    return {}


def _create_on_behalf(call: Call) -> dict[str, Any]:
    fields, kind = call.fields("token-management/create", "application_id"), PrincipalKind.SERVICE_PRINCIPAL
    principal = call.state.directory.find(kind, fields["application_id"])
    if principal is None:
        raise unknown_principal(kind.value, fields["application_id"])
    value, token = create_token(call, principal, fields)
    return {"token_value": value, "token_info": managed_token(call.state, token)}


def _token(call: Call) -> AccessToken:
    token = call.state.tokens.get(call.request.arguments["id"])
    if token is None:
        raise no_token(call.request.arguments["id"])
    return token
