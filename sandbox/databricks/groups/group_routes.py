"""The legacy Groups API, all by name and for admins: https://docs.gcp.databricks.com/dev-tools/api/latest/groups.html."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.directory import ADMINS, USERS, Principal, PrincipalKind
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.groups import errors
from sandbox.databricks.scim.changes import remove

_GROUP = PrincipalKind.GROUP


def group_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "POST delete": _delete, "GET list": _list, "GET list-members": _list_members,
        "GET list-parents": _list_parents, "POST add-member": _add_member, "POST remove-member": _remove_member,
    }
    return routes_below("/api/2.0/groups", {key: _for_admins(handler) for key, handler in handlers.items()})


def _for_admins(handler: Handler) -> Handler:
    def answer(call: Call) -> Any:  # noqa: ANN401 - as the handler
        if not call.is_admin:
            raise errors.only_for_admins(call.caller.name)
        return handler(call)

    return answer


def _create(call: Call) -> dict[str, Any]:
    name = call.fields("groups/create", "group_name")["group_name"]
    if call.state.directory.find(_GROUP, name) is not None:
        raise errors.group_exists(name)
    call.state.directory.add_group(name)
    return {"group_name": name}


def _delete(call: Call) -> dict[str, Any]:
    group = _group(call, call.fields("groups/delete"), "group_name")
    if group.name in {ADMINS, USERS}:
        raise errors.built_in(group.name)
    remove(call.state, group)
    return {}


def _list(call: Call) -> dict[str, Any]:
    return {"group_names": [group.name for group in call.state.directory.all(_GROUP)]}


def _list_members(call: Call) -> dict[str, Any]:
    """Direct members only."""
    group = _group(call, call.fields("groups/list-members"), "group_name")
    return {"members": [{"group_name" if member.kind is _GROUP else "user_name": member.name}
                        for member in call.state.directory.members(group)]}


def _list_parents(call: Call) -> dict[str, Any]:
    member = _member(call, call.fields("groups/list-parents"))
    return {"group_names": [group.name for group in call.state.directory.groups_of(member)
                            if group.id in member.groups or group.name == USERS]}


def _add_member(call: Call) -> dict[str, Any]:
    fields = call.fields("groups/add-member")
    member, parent = _member(call, fields), _parent(call, fields)
    if member.id in {one.id for one in call.state.directory.identities_of(parent)}:
        raise errors.member_of_itself(parent.name)
    call.state.directory.join(member, parent)
    return {}


def _remove_member(call: Call) -> dict[str, Any]:
    fields = call.fields("groups/remove-member")
    member, parent = _member(call, fields), _parent(call, fields)
    if parent.id not in member.groups:
        raise errors.no_such_member(member.name, parent.name)
    call.state.directory.leave(member, parent)
    return {}


def _parent(call: Call, fields: dict[str, Any]) -> Principal:
    parent = _group(call, fields, "parent_name")
    if parent.name == USERS:
        raise errors.built_in(parent.name)
    return parent


def _group(call: Call, fields: dict[str, Any], key: str) -> Principal:
    name = fields.get(key) or refuse_missing(key)
    group = call.state.directory.find(_GROUP, name)
    if group is None:
        raise errors.no_group(name)
    return group


def _member(call: Call, fields: dict[str, Any]) -> Principal:
    """`user_name` names service principals, too, by their application id."""
    if bool(fields.get("user_name")) == bool(fields.get("group_name")):
        raise errors.one_name()
    if fields.get("group_name"):
        return _group(call, fields, "group_name")
    member = call.state.directory.someone(fields["user_name"])
    if member is None:
        raise errors.no_user(fields["user_name"])
    return member
