"""clusters/events: newest first, paged by offset in `next_page` and by token."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import ClusterEvent
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.errors import refuse

_DEFAULT_LIMIT = 50
_LARGEST_LIMIT = 500
_LAST = "end_time"
_LONGEST_TOKEN = 40


def list_events(call: Call) -> dict[str, Any]:
    """Older clients follow the object `next_page`, newer ones `next_page_token`: both are told.

    The total is counted only for those who do not read by token, as the service says of it.
    """
    fields = call.fields("clusters/events")
    cluster = cluster_of(call, fields, "CAN_ATTACH_TO")
    limit, offset, asked = _limit(fields), _offset(fields), fields
    if fields.get("page_token"):
        # What comes meanwhile must not shift the pages that a token was given for.
        asked = {_LAST: int(fields["page_token"].split("-")[1]), **fields}
    events = [event for event in call.state.clusters.events(cluster.cluster_id, call.now) if _fits(event, asked)]
    if fields.get("order", "DESC") == "DESC":
        events.reverse()
    answer: dict[str, Any] = {
        "events": [_row(event) for event in events[offset:offset + limit]],
        "total_count": 0 if fields.get("page_token") else len(events)}
    end = asked.get(_LAST, int(call.now * 1000))
    if offset > 0:
        answer["prev_page_token"] = _token(max(0, offset - limit), end)
    if offset + limit < len(events):
        # Without an end the offset would slip when a new event arrives.
        following = {**fields, "offset": offset + limit, "limit": limit, _LAST: end}
        following.pop("page_token", None)
        answer |= {"next_page": following, "next_page_token": _token(offset + limit, end)}
    return answer


def _row(event: ClusterEvent) -> dict[str, Any]:
    return {"cluster_id": event.cluster_id, "timestamp": event.timestamp, "type": event.type, "details": event.details}


def _fits(event: ClusterEvent, fields: dict[str, Any]) -> bool:
    in_time = fields.get("start_time", 0) <= event.timestamp <= fields.get(_LAST, event.timestamp)
    return in_time and event.type in (fields.get("event_types") or [event.type])


def _limit(fields: dict[str, Any]) -> int:
    """Out of range the service takes the nearest it has; 0 leaves the number to the service."""
    asked: int = fields.get("page_size") or fields.get("limit") or 0
    return min(asked, _LARGEST_LIMIT) if asked > 0 else _DEFAULT_LIMIT


def _offset(fields: dict[str, Any]) -> int:
    token = fields.get("page_token", "")
    if token:
        return _offset_of(token)
    offset: int = fields.get("offset", 0)
    if offset < 0:
        refuse(f"offset must not be negative, got {offset}")
    if offset and fields.get("order", "DESC") == "DESC" and _LAST not in fields:
        refuse("end_time must be specified when offset is used with descending order")
    return offset


def _token(offset: int, end: int) -> str:
    return f"{offset}-{end}"


def _offset_of(token: str) -> int:
    offset, dash, end = token.partition("-")
    if not (dash and offset.isdecimal() and end.isdecimal() and len(token) <= _LONGEST_TOKEN):
        refuse("page_token is not valid")
    return int(offset)
