"""One instance pool, and what the service refuses in its settings."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.catalogue import node_types, spark_versions
from sandbox.databricks.errors import refuse, refuse_missing, unknown_node_type

# What the service takes where a request says nothing; the minutes are those of the user interface.
_DEFAULTS: dict[str, Any] = {"min_idle_instances": 0, "idle_instance_autotermination_minutes": 60,
                             "enable_elastic_disk": True}
_AZURE_DEFAULTS = {"availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}
_TAG_LIMIT = 45


@dataclass
class Pool:
    """`settings` are the fields of the request that made or changed it."""

    pool_id: str
    creator: str
    creator_id: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.settings["instance_pool_name"])

    @property
    def node_type_id(self) -> str:
        return str(self.settings["node_type_id"])

    def as_json(self) -> dict[str, Any]:
        """Without what depends on its clusters."""
        azure = {**_AZURE_DEFAULTS, **self.settings.get("azure_attributes", {})}
        tags = {"Vendor": "Databricks", "DatabricksInstancePoolId": self.pool_id,
                "DatabricksInstancePoolCreatorId": self.creator_id}
        return {"instance_pool_id": self.pool_id, **_DEFAULTS, **self.settings, "azure_attributes": azure,
                "default_tags": tags, "state": "ACTIVE", "status": {}}


def check_pool(settings: dict[str, Any]) -> None:
    name = settings.get("instance_pool_name", "")
    if not 1 <= len(name) <= 100:
        refuse(f"instance_pool_name must have between 1 and 100 characters, got {len(name)}")
    if not settings.get("node_type_id"):
        refuse_missing("node_type_id")
    if settings["node_type_id"] not in node_types():
        raise unknown_node_type(settings["node_type_id"], node_types())
    _check_sizes(settings)
    if len(settings.get("custom_tags", ())) > _TAG_LIMIT:
        refuse(f"custom_tags: at most {_TAG_LIMIT} tags are allowed, got {len(settings['custom_tags'])}")
    _check_preloaded(settings.get("preloaded_spark_versions", []))


def _check_sizes(settings: dict[str, Any]) -> None:
    idle, most = settings.get("min_idle_instances", 0), settings.get("max_capacity")
    if idle < 0:
        refuse(f"min_idle_instances must not be negative, got {idle}")
    if most is not None and most < max(idle, 1):
        refuse(f"max_capacity must be at least 1 and min_idle_instances ({idle}), got {most}")
    minutes = settings.get("idle_instance_autotermination_minutes", 0)
    if not 0 <= minutes <= 10_000:
        refuse(f"idle_instance_autotermination_minutes must be between 0 and 10000, got {minutes}")


def _check_preloaded(keys: list[str]) -> None:
    if len(keys) > 1:
        refuse(f"preloaded_spark_versions: at most one is allowed, got {len(keys)}")
    for key in keys:
        if key not in spark_versions():
            refuse(f"Invalid spark version {key}.")
