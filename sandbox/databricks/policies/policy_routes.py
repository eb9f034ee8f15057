"""The Cluster Policies API and the Policy Families API."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import refuse
from sandbox.databricks.policies.errors import may_not_use, only_admins
from sandbox.databricks.policies.families import families, family
from sandbox.databricks.policies.policy import Policy

_DEFAULT_FAMILIES = 100


def policy_routes() -> Routes:
    handlers: dict[str, Handler] = {"POST create": _create, "POST edit": _edit, "POST delete": _delete,
                                    "GET get": _get, "GET list": _list}
    return [*routes_below("/api/2.0/policies/clusters", handlers), ("GET", "/api/2.0/policy-families", _families),
            ("GET", "/api/2.0/policy-families/{id}", _family)]


def _create(call: Call) -> dict[str, Any]:
    _check_admin(call, "create")
    fields = call.fields("policies/clusters/create")
    return {"policy_id": call.state.policies.create(fields, call.caller).policy_id}


def _edit(call: Call) -> dict[str, Any]:
    _check_admin(call, "edit")
    fields = call.fields("policies/clusters/edit", "policy_id")
    call.state.policies.edit(fields["policy_id"], {key: value for key, value in fields.items() if key != "policy_id"})
    return {}


def _delete(call: Call) -> dict[str, Any]:
    _check_admin(call, "delete")
    call.state.policies.delete(call.fields("policies/clusters/delete", "policy_id")["policy_id"])
    return {}


def _get(call: Call) -> dict[str, Any]:
    policy = call.state.policies.policy(call.fields("policies/clusters/get", "policy_id")["policy_id"])
    if not call.state.policies.may_use(policy.policy_id, call.caller):
        raise may_not_use(call.caller.name, policy.policy_id)
    return _shown(call, policy)


def _list(call: Call) -> dict[str, Any]:
    """Those that the caller may use, newest first unless told otherwise."""
    fields = call.fields("policies/clusters/list")
    policies = [policy for policy in call.state.policies.all()
                if call.state.policies.may_use(policy.policy_id, call.caller)]
    by_name = fields.get("sort_column") == "POLICY_NAME"
    policies.sort(key=_by_name if by_name else _by_time, reverse=fields.get("sort_order", "DESC") == "DESC")
    return {"policies": [_shown(call, policy) for policy in policies], "total_count": len(policies)}


def _shown(call: Call, policy: Policy) -> dict[str, Any]:
    """A creator who is not there any more is not told; default policies have none."""
    is_known = call.state.directory.someone(policy.creator) is not None
    return {**policy.as_json(), **({"creator_user_name": policy.creator} if is_known else {})}


def _families(call: Call) -> dict[str, Any]:
    fields = call.fields("policy-families/list")
    size, token = fields.get("max_results") or _DEFAULT_FAMILIES, fields.get("page_token") or "0"
    if size < 0 or not (token.isascii() and token.isdecimal()) or len(token) > 9:
        refuse("max_results must not be negative and page_token one that a list has given")
    rows = list(families().values())[int(token):]
    following = {"next_page_token": str(int(token) + size)} if len(rows) > size else {}
    return {"policy_families": [row.as_json() for row in rows[:size]], **following}


def _family(call: Call) -> dict[str, Any]:
    call.fields("policy-families/get")
    return family(call.request.arguments["id"]).as_json()


def _by_name(policy: Policy) -> str:
    return policy.name


def _by_time(policy: Policy) -> float:
    return policy.created_at


def _check_admin(call: Call, what: str) -> None:
    if not call.is_admin:
        raise only_admins(what)
