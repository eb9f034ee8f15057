"""The workspace registry: comments on versions."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import deny
from sandbox.databricks.registry.activities import COMMENTED, Activity
from sandbox.databricks.registry.errors import no_comment
from sandbox.databricks.registry.model_access import CAN_READ, version_of

_COMMENTS = "mlflow/comments"


def comment_routes() -> Routes:
    return [("POST", f"/api/2.0/{_COMMENTS}/create", _create), ("PATCH", f"/api/2.0/{_COMMENTS}/update", _update),
            ("DELETE", f"/api/2.0/{_COMMENTS}/delete", _delete)]


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_COMMENTS}/create", "comment")
    _, version = version_of(call, fields, CAN_READ)
    comment = call.state.registry.activities.add(version, COMMENTED, call.caller.name, call.now)
    return _kept(call, comment, fields["comment"])


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_COMMENTS}/update", "id", "comment")
    return _kept(call, _own_comment(call, fields["id"]), fields["comment"])


def _delete(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_COMMENTS}/delete", "id")
    call.state.registry.activities.remove(_own_comment(call, fields["id"]))
    return {}


def _own_comment(call: Call, comment_id: str) -> Activity:
    """Nobody changes what somebody else said."""
    comment = call.state.registry.activities.find(comment_id)
    if comment is None or comment.kind != COMMENTED:
        raise no_comment(comment_id)
    if comment.user != call.caller.name:
        deny(f"{call.caller.name} cannot change the comment of {comment.user}")
    return comment


def _kept(call: Call, comment: Activity, text: str) -> dict[str, Any]:
    comment.comment = text
    call.state.registry.activities.put(comment, call.now)
    return {"comment": {"id": comment.activity_id, "comment": comment.comment, "user_id": comment.user,
                        "creation_timestamp": int(comment.created * 1000),
                        "last_updated_timestamp": int(comment.updated * 1000)}}
