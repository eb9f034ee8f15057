"""The Permissions API."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks import errors
from sandbox.databricks.call import Call, Routes
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.permissions.kinds import CLUSTERS, JOBS, MANAGE, TOKENS, ObjectKind, find_kind
from sandbox.databricks.tokens.token_creation import revoke_forbidden_tokens

_PATH = "/api/2.0/permissions/{kind}/{id}"


def permission_routes() -> Routes:
    return [
        ("GET", f"{_PATH}/permissionLevels", _levels),
        ("GET", _PATH, _get),
        ("PUT", _PATH, _changing(replace=True)),
        ("PATCH", _PATH, _changing(replace=False)),
    ]


def _get(call: Call) -> dict[str, Any]:
    kind, object_id = _object(call, MANAGE if _kind(call) is not CLUSTERS else "CAN_ATTACH_TO")
    return call.state.access.as_json(kind, object_id)


def _changing(*, replace: bool) -> Callable[[Call], dict[str, Any]]:
    def change(call: Call) -> dict[str, Any]:
        """Nothing stops a caller from giving away its own rights: the service does not either."""
        kind, object_id = _object(call, MANAGE)
        entries = call.fields("permissions/set").get("access_control_list", [])
        call.state.access.change(kind, object_id, entries, replace=replace)
        if kind is TOKENS:
            revoke_forbidden_tokens(call.state)
        return call.state.access.as_json(kind, object_id)

    return change


def _levels(call: Call) -> dict[str, Any]:
    """The same for every object of the kind; who may not see the object does not learn that it is there."""
    kind, _ = _object(call, "")
    return {"permission_levels": [{"permission_level": level, "description": text}
                                  for level, text in kind.levels.items()]}


def _object(call: Call, needed: str) -> tuple[ObjectKind, str]:
    """The object of the path, if the caller has at least `needed` on it; empty asks for any level."""
    kind, object_id = _kind(call), call.request.arguments["id"]
    if kind is CLUSTERS:
        cluster_of(call, {"cluster_id": object_id}, needed or "CAN_ATTACH_TO")
        return kind, object_id
    # Rights come before existence: a stranger does not learn whether the object is there.
    if not _has(call, kind, needed):
        raise _refusal(call, kind)
    if not call.state.access.knows(kind, object_id):
        raise errors.no_object(kind.object_type, object_id)
    return kind, object_id


def _has(call: Call, kind: ObjectKind, needed: str) -> bool:
    if needed and kind.is_managed_by_admins:
        return call.is_admin
    level = call.state.access.level(kind, call.request.arguments["id"], call.caller)
    return level >= (kind.rank(needed) if needed else 0)


def _refusal(call: Call, kind: ObjectKind) -> errors.ApiError:
    """Jobs are named in the words of https://github.com/databricks/cli/blob/main/libs/testserver/jobs.go."""
    object_id = call.request.arguments["id"]
    what = f"Job with ID: ElasticJobId({object_id})" if kind is JOBS else f"{kind.object_type} {object_id}"
    return errors.no_permission(call.caller.name, "Manage", what)


def _kind(call: Call) -> ObjectKind:
    segment = call.request.arguments["kind"]
    kind = find_kind(segment, call.request.arguments["id"])
    if kind is None:
        raise errors.unknown_object_type(segment)
    return kind
