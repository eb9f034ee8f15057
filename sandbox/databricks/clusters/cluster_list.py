"""clusters/list: filters, order, and pages cut from a list that was fixed by the first page."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_pages import OpenList, place_of, position
from sandbox.databricks.clusters.cluster_store import PINNED
from sandbox.databricks.clusters.cluster_view import list_row
from sandbox.databricks.errors import refuse
from sandbox.databricks.permissions.access import CLUSTERS

_DEFAULT_PAGE = 20
_LARGEST_PAGE = 100
# Sorting a few is less work than passing over all others.
_FEW = 8


def list_clusters(call: Call) -> dict[str, Any]:
    """Version 2.0 without a page size tells everything at once, as clients of that time expect."""
    fields = call.fields("clusters/list")
    unpaged = call.request.path.startswith("/api/2.0/") and "page_size" not in fields
    size = len(call.state.clusters) if unpaged else min(fields.get("page_size") or _DEFAULT_PAGE, _LARGEST_PAGE)
    if size < 0:
        refuse(f"page_size must not be negative, got {size}")
    call.state.machine.settle_due()
    listing, at, backwards = _place(call, fields)
    # One more than is told says whether there is another page.
    places = _filled(call, listing, reversed(range(at)) if backwards else range(at, len(listing.ids)), size + 1)
    more = len(places) > size
    places = sorted(places[:size])
    before, behind = (more, at < len(listing.ids)) if backwards else (at > 0, more)
    if places and (before or behind):
        call.state.open_lists.keep(listing)
    if not places:
        # A list that is empty is never sent: https://github.com/databricks/databricks-cli/issues/172.
        return {}
    return {
        "clusters": [_row(call, listing.ids[place]) for place in places],
        "next_page_token": listing.token(places[-1] + 1) if behind and places else "",
        "prev_page_token": listing.token(places[0], backwards=True) if before and places else "",
    }


def _place(call: Call, fields: dict[str, Any]) -> tuple[OpenList, int, bool]:
    """Which list is read, from where, and which way."""
    lists = call.state.open_lists
    if not fields.get("page_token"):
        return _opened(call, fields), 0, False
    place = place_of(fields["page_token"])
    known = lists.find(place)
    if known is not None:
        return known, place.at, place.backwards
    opened = _opened(call, fields)
    return opened, position(opened, place, descending=_descends(fields)), place.backwards


def _opened(call: Call, fields: dict[str, Any]) -> OpenList:
    clusters = call.state.clusters
    order = clusters.by_name() if fields.get("sort_by", {}).get("field") == "CLUSTER_NAME" else clusters.by_default()
    names = _names(fields.get("filter_by", {}))
    few = names and clusters.count(names) * _FEW < len(clusters)
    ids = order.sorted([cluster.cluster_id for cluster in clusters.of(names)]) if few else order.ids
    return OpenList(ids[::-1] if _descends(fields) else ids, order, fields)


def _descends(fields: dict[str, Any]) -> bool:
    return bool(fields.get("sort_by", {}).get("direction") == "DESC")


def _names(wanted: dict[str, Any]) -> set[str]:
    """Under which the store finds those that fit one of the filters; none where there is none to find them by."""
    if wanted.get("is_pinned"):
        return {PINNED}
    if "policy_id" in wanted:
        return {f"policy {wanted['policy_id']}"}
    if "cluster_states" in wanted:
        return {f"state {state}" for state in wanted["cluster_states"]}
    return {f"source {source}" for source in wanted.get("cluster_sources", ())}


def _filled(call: Call, listing: OpenList, places: Iterable[int], size: int) -> list[int]:
    """The first places whose cluster is to be told, at most `size`."""
    is_told = _looks(call, listing)
    found: list[int] = []
    for place in places:
        if len(found) == size:
            break
        if is_told(listing.ids[place]):
            found.append(place)
    return found


def _looks(call: Call, listing: OpenList) -> Callable[[str], bool]:
    """How the caller looks at clusters: who may not even attach to one does not see it."""
    state, wanted = call.state, listing.asked.get("filter_by", {})
    identities = frozenset(who.id for who in call.identities)
    sees_all = call.is_admin

    def is_told(cluster_id: str) -> bool:
        cluster = state.clusters.get(cluster_id)
        return (cluster is not None and not state.is_forgotten(cluster) and _fits(cluster, wanted)
                and (sees_all or state.access.names_one_of(CLUSTERS, cluster_id, identities)))

    return is_told


def _fits(cluster: Cluster, wanted: dict[str, Any]) -> bool:
    return (
        ("cluster_states" not in wanted or cluster.state in wanted["cluster_states"])
        and ("cluster_sources" not in wanted or cluster.source in wanted["cluster_sources"])
        and ("is_pinned" not in wanted or (cluster.pinned_by is not None) == wanted["is_pinned"])
        and ("policy_id" not in wanted or cluster.spec.get("policy_id") == wanted["policy_id"])
    )


def _row(call: Call, cluster_id: str) -> dict[str, Any]:
    cluster = call.state.clusters[cluster_id]
    row = list_row(cluster, call.state.directory)
    call.state.clusters.read(cluster)
    return row
