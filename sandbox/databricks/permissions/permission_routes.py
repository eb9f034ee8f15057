"""The Permissions API."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks import errors
from sandbox.databricks.call import Call, Routes
from sandbox.databricks.permissions.access import CLUSTERS, KINDS, ObjectKind

_PATH = "/api/2.0/permissions/{kind}/{id}"


def permission_routes() -> Routes:
    return [
        ("GET", f"{_PATH}/permissionLevels", _levels),
        ("GET", _PATH, _get),
        ("PUT", _PATH, _changing(replace=True)),
        ("PATCH", _PATH, _changing(replace=False)),
    ]


def _get(call: Call) -> dict[str, Any]:
    kind, object_id = _object(call, "CAN_MANAGE" if _kind(call) is not CLUSTERS else "CAN_ATTACH_TO")
    return call.state.access.as_json(kind, object_id)


def _changing(*, replace: bool) -> Callable[[Call], dict[str, Any]]:
    def change(call: Call) -> dict[str, Any]:
        """Nothing stops a caller from giving away its own rights: the service does not either."""
        kind, object_id = _object(call, "CAN_MANAGE")
        entries = call.fields("permissions/set").get("access_control_list", [])
        call.state.access.change(kind, object_id, entries, replace=replace)
        return call.state.access.as_json(kind, object_id)

    return change


def _levels(call: Call) -> dict[str, Any]:
    kind, _ = _object(call, "CAN_ATTACH_TO")
    return {"permission_levels": [{"permission_level": level, "description": text}
                                  for level, text in kind.levels.items()]}


def _object(call: Call, needed: str) -> tuple[ObjectKind, str]:
    """The object of the path, if the caller has at least `needed` on it."""
    kind, object_id = _kind(call), call.request.arguments["id"]
    if kind is CLUSTERS:
        call.cluster({"cluster_id": object_id}, needed)
        return kind, object_id
    level = call.state.access.level(kind, object_id, call.caller)
    # Rights come before existence: a stranger does not learn whether the object is there.
    if level < kind.rank(needed if needed in kind.levels else next(iter(kind.levels))):
        raise errors.no_permission(call.caller.name, "Manage", f"{kind.object_type} {object_id}")
    if not call.state.access.knows(kind, object_id):
        raise errors.no_object(kind.object_type, object_id)
    return kind, object_id


def _kind(call: Call) -> ObjectKind:
    segment = call.request.arguments["kind"]
    if segment not in KINDS:
        raise errors.unknown_object_type(segment)
    return KINDS[segment]
