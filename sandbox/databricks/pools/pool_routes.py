"""The Instance Pools API."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import no_permission, refuse_missing
from sandbox.databricks.pools.errors import may_not_create
from sandbox.databricks.pools.pool import Pool
from sandbox.databricks.pools.pool_store import POOLS
from sandbox.databricks.pools.pool_use import pool_stats

POOL_CREATION = "allow-instance-pool-create"
_NEEDED = {"CAN_ATTACH_TO": "Attach", "CAN_MANAGE": "Manage"}


def pool_routes() -> Routes:
    handlers: dict[str, Handler] = {"POST create": _create, "POST edit": _edit, "POST delete": _delete,
                                    "GET get": _get, "GET list": _list}
    return routes_below("/api/2.0/instance-pools", handlers)


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("instance-pools/create")
    if POOL_CREATION not in call.state.directory.entitlements_of(call.caller) and not call.is_admin:
        raise may_not_create(call.caller.name)
    return {"instance_pool_id": call.state.pools.create(fields, call.caller).pool_id}


def _edit(call: Call) -> dict[str, Any]:
    fields = call.fields("instance-pools/edit")
    pool = _pool(call, fields, "CAN_MANAGE")
    settings = {name: value for name, value in fields.items() if name != "instance_pool_id"}
    call.state.pools.edit(pool.pool_id, settings)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    """Clusters that have machines of the pool keep them; they cannot be started or edited again with it."""
    call.state.pools.delete(_pool(call, call.fields("instance-pools/delete"), "CAN_MANAGE").pool_id)
    return {}


def _get(call: Call) -> dict[str, Any]:
    return _shown(call, _pool(call, call.fields("instance-pools/get"), "CAN_ATTACH_TO"))


def _list(call: Call) -> dict[str, Any]:
    """Those that the caller may attach to; an empty list is not sent.

    https://github.com/databrickslabs/overwatch/issues/288
    """
    call.fields("instance-pools/list")
    pools = [pool for pool in call.state.pools.all() if call.state.pools.level(pool.pool_id, call.caller) >= 0]
    return {"instance_pools": [_shown(call, pool) for pool in pools]} if pools else {}


def _shown(call: Call, pool: Pool) -> dict[str, Any]:
    clusters = call.state.clusters.of_pool(pool.pool_id)
    for cluster in clusters:
        call.state.machine.settle(cluster)
    return {**pool.as_json(), "stats": pool_stats(pool, clusters)}


def _pool(call: Call, fields: dict[str, Any], level: str) -> Pool:
    if not fields.get("instance_pool_id"):
        refuse_missing("instance_pool_id")
    pool = call.state.pools.pool(fields["instance_pool_id"])
    if call.state.pools.level(pool.pool_id, call.caller) < POOLS.rank(level):
        raise no_permission(call.caller.name, _NEEDED[level], f"instance pool {pool.pool_id}")
    return pool
