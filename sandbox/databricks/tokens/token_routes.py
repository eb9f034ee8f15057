"""The Token API: a caller's own personal access tokens."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.databricks.call import Call, Routes, routes_below
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.tokens.errors import no_token
from sandbox.databricks.tokens.token_creation import create_token
from sandbox.databricks.tokens.token_store import AccessToken
from sandbox.databricks.tokens.token_view import times

_CHANGEABLE = {"comment"}


def token_routes() -> Routes:
    return routes_below("/api/2.0/token", {
        "POST create": _create, "POST delete": _delete, "GET list": _list, "PATCH {id}": _update})


def _create(call: Call) -> dict[str, Any]:
    value, token = create_token(call, call.caller, call.fields("token/create"))
    return {"token_value": value, "token_info": _as_json(token)}


def _list(call: Call) -> dict[str, Any]:
    return {"token_infos": [_as_json(token) for token in call.state.tokens.of(call.caller.id)]}


def _delete(call: Call) -> dict[str, Any]:
    fields = call.fields("token/delete", "token_id")
    call.state.tokens.remove(_own(call, fields["token_id"]).token_id)
    return {}


def _update(call: Call) -> dict[str, Any]:
    token = _own(call, call.request.arguments["id"])
    call.state.tokens.change(changed(token, call.fields("token/update")))
    return {}


def changed(token: AccessToken, fields: dict[str, Any]) -> AccessToken:
    """With what `update_mask` names taken from the request; only the comment of a token can change."""
    mask = set(filter(None, fields.get("update_mask", "").split(",")))
    if not mask:
        refuse_missing("update_mask")
    if not mask <= _CHANGEABLE:
        refuse(f"update_mask may name {', '.join(_CHANGEABLE)}, got {', '.join(sorted(mask - _CHANGEABLE))}")
    return replace(token, comment=fields.get("token", {}).get("comment", ""))


def _own(call: Call, token_id: str) -> AccessToken:
    token = call.state.tokens.get(token_id)
    if token is None or token.owner_id != call.caller.id:
        raise no_token(token_id)
    return token


def _as_json(token: AccessToken) -> dict[str, Any]:
    return {"token_id": token.token_id, **times(token), "comment": token.comment}
