"""clusters/events: newest first, paged by offset in `next_page` and by token."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import ClusterEvent
from sandbox.databricks.errors import refuse

_DEFAULT_LIMIT = 50
_LARGEST_LIMIT = 500


def list_events(call: Call) -> dict[str, Any]:
    """Older clients follow the object `next_page`, newer ones `next_page_token`: both are told."""
    fields = call.fields("clusters/events")
    cluster = call.cluster(fields, "CAN_ATTACH_TO")
    events = [event for event in call.state.clusters.events(cluster.cluster_id) if _fits(event, fields)]
    if fields.get("order", "DESC") == "DESC":
        events.reverse()
    limit = max(1, min(fields.get("page_size") or fields.get("limit") or _DEFAULT_LIMIT, _LARGEST_LIMIT))
    offset = _offset(fields)
    shown = [{"cluster_id": cluster.cluster_id, "timestamp": event.timestamp, "type": event.type,
              "details": event.details} for event in events[offset:offset + limit]]
    answer = {"events": shown, "total_count": len(events)}
    if offset + limit >= len(events):
        return answer
    # Without an end the offset would slip when a new event arrives.
    end = fields.get("end_time", int(call.now * 1000))
    following = {**fields, "offset": offset + limit, "limit": limit, "end_time": end}
    following.pop("page_token", None)
    return {**answer, "next_page": following, "next_page_token": str(offset + limit)}


def _fits(event: ClusterEvent, fields: dict[str, Any]) -> bool:
    in_time = fields.get("start_time", 0) <= event.timestamp <= fields.get("end_time", event.timestamp)
    return in_time and event.type in fields.get("event_types", [event.type])


def _offset(fields: dict[str, Any]) -> int:
    token = fields.get("page_token", "")
    if token:
        if not token.isdecimal():
            refuse("page_token is not valid")
        return int(token)
    offset: int = fields.get("offset", 0)
    if offset < 0:
        refuse(f"offset must not be negative, got {offset}")
    if offset and fields.get("order", "DESC") == "DESC" and "end_time" not in fields:
        refuse("end_time must be specified when offset is used with descending order")
    return offset
