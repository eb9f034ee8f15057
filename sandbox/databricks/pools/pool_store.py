"""The instance pools of a workspace, by id and by name."""
from __future__ import annotations

import secrets
from datetime import datetime, timezone
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.directory import Principal
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.access import KINDS, Access
from sandbox.databricks.pools.errors import name_taken, no_pool, node_type_stays
from sandbox.databricks.pools.pool import Pool, check_pool

POOLS = KINDS["instance-pools"]
# What an edit does not touch: the machines of a pool stay what they are.
_FIXED = ("aws_attributes", "azure_attributes", "gcp_attributes", "disk_spec", "enable_elastic_disk",
          "node_type_flexibility", "preloaded_docker_images", "preloaded_spark_versions")


class Pools:
    def __init__(self, memory: Memory, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._pools = memory.collection("pool", Pool)
        self._by_name = self._pools.index(lambda pool: [pool.name])

    def all(self) -> list[Pool]:
        return list(self._pools.values())

    def find(self, pool_id: str) -> Pool | None:
        return self._pools.get(pool_id)

    def pool(self, pool_id: str) -> Pool:
        found = self.find(pool_id)
        if found is None:
            raise no_pool(pool_id)
        return found

    def level(self, pool_id: str, caller: Principal) -> int:
        return self._access.level(POOLS, pool_id, caller)

    def create(self, settings: dict[str, Any], creator: Principal) -> Pool:
        self._check(settings, "")
        pool = Pool(self._new_id(), creator.name, creator.id, settings)
        self._pools[pool.pool_id] = pool
        self._access.add_object(POOLS, pool.pool_id, creator)
        return pool

    def edit(self, pool_id: str, settings: dict[str, Any]) -> None:
        """Replaces what can be edited; the type of its machines must be given, and be what it is."""
        pool = self.pool(pool_id)
        self._check(settings, pool_id)
        if settings["node_type_id"] != pool.node_type_id:
            raise node_type_stays(pool.node_type_id)
        kept = {name: pool.settings[name] for name in _FIXED if name in pool.settings}
        pool.settings = {**{name: value for name, value in settings.items() if name not in _FIXED}, **kept}
        self._pools.changed(pool_id)

    def delete(self, pool_id: str) -> None:
        del self._pools[self.pool(pool_id).pool_id]
        self._access.remove_object(POOLS, pool_id)

    def _check(self, settings: dict[str, Any], pool_id: str) -> None:
        check_pool(settings)
        name = settings["instance_pool_name"]
        if any(other.pool_id != pool_id for other in self._by_name.of(name)):
            raise name_taken(name)

    def _new_id(self) -> str:
        """Shaped like the service's: `0322-114546-stern33-pool-7izzz25u`."""
        moment = datetime.fromtimestamp(self._clock.now(), timezone.utc)
        return f"{moment:%m%d-%H%M%S}-rinse{secrets.randbelow(90) + 10}-pool-{secrets.token_hex(4)}"
