"""clusters/list: filters, order, and pages cut from a list that was fixed by the first page."""
from __future__ import annotations

import secrets
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_view import list_row
from sandbox.databricks.errors import refuse
from sandbox.databricks.permissions.access import CLUSTERS

_DEFAULT_PAGE = 20
_LARGEST_PAGE = 100


def list_clusters(call: Call) -> dict[str, Any]:
    """Version 2.0 without a page size tells everything at once, as clients of that time expect."""
    fields = call.fields("clusters/list")
    unpaged = call.request.path.startswith("/api/2.0/") and "page_size" not in fields
    size = len(call.state.clusters) if unpaged else min(fields.get("page_size") or _DEFAULT_PAGE, _LARGEST_PAGE)
    if size < 0:
        refuse(f"page_size must not be negative, got {size}")
    ids = _rest(call, fields["page_token"]) if fields.get("page_token") else _all(call, fields)
    page, rest = ids[:size], ids[size:]
    token = secrets.token_urlsafe(12) if rest else ""
    if rest:
        call.state.keep_list(token, rest)
    rows = [list_row(call.state.clusters[cluster_id]) for cluster_id in page if cluster_id in call.state.clusters]
    return {"clusters": rows, "next_page_token": token, "prev_page_token": ""}


def _rest(call: Call, token: str) -> list[str]:
    if token not in call.state.open_lists:
        refuse("page_token is not valid")
    return call.state.open_lists[token]


def _all(call: Call, fields: dict[str, Any]) -> list[str]:
    state, wanted = call.state, fields.get("filter_by", {})
    identities = [call.caller, *state.directory.groups_of(call.caller)]
    found = []
    for cluster in state.clusters.values():
        state.machine.settle(cluster)
        # Who may not even attach to a cluster does not see it.
        visible = state.access.level_through(CLUSTERS, cluster.cluster_id, identities) >= 0
        if visible and not state.is_forgotten(cluster) and _fits(cluster, wanted):
            found.append(cluster)
    return [cluster.cluster_id for cluster in _ordered(found, fields.get("sort_by", {}))]


def _fits(cluster: Cluster, wanted: dict[str, Any]) -> bool:
    return (
        ("cluster_states" not in wanted or cluster.state in wanted["cluster_states"])
        and ("cluster_sources" not in wanted or cluster.source in wanted["cluster_sources"])
        and ("is_pinned" not in wanted or (cluster.pinned_by is not None) == wanted["is_pinned"])
        and ("policy_id" not in wanted or cluster.spec.get("policy_id") == wanted["policy_id"])
    )


def _ordered(clusters: list[Cluster], sort_by: dict[str, Any]) -> list[Cluster]:
    """By default pinned ones come first, then active ones, then the latest started."""
    backwards = sort_by.get("direction") == "DESC"
    if sort_by.get("field") == "CLUSTER_NAME":
        return sorted(clusters, key=lambda cluster: cluster.name, reverse=backwards)
    return sorted(clusters, reverse=backwards, key=lambda cluster: (
        cluster.pinned_by is None, not cluster.is_active, -cluster.start_time))
