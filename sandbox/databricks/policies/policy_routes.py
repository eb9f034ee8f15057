"""The Cluster Policies API and the Policy Families API."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.offset_pages import page
from sandbox.databricks.policies.errors import may_not_use, only_admins
from sandbox.databricks.policies.families import families, family
from sandbox.databricks.policies.policy import Policy
from sandbox.databricks.replies import without_empty

_MOST_FAMILIES = 100


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
    size = min(fields.get("max_results") or _MOST_FAMILIES, _MOST_FAMILIES)
    rows, token = page(families().values(), size, fields.get("page_token", ""), largest=_MOST_FAMILIES)
    return {"policy_families": [row.as_json() for row in rows], **without_empty(next_page_token=token)}


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
