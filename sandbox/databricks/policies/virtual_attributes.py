"""What a policy may limit although no request says it: the kind of a cluster, and what it costs."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.catalogue import node_types
from sandbox.databricks.policies.attributes import Spec

VIRTUAL = frozenset({"dbus_per_hour", "cluster_type"})
ALL_PURPOSE, JOB = "all-purpose", "job"
# The rate of general purpose machines; the service knows one for each type: https://azure.microsoft.com/pricing/details/databricks
_DBUS_OF_A_CORE = 0.1875


def virtual_attributes(spec: Spec, cluster_type: str) -> dict[str, Any]:
    return {"cluster_type": cluster_type, "dbus_per_hour": _dbus(spec)}


def _dbus(spec: Spec) -> float:
    """Of the driver and the most workers there can be."""
    worker = spec.get("node_type_id")
    driver = spec.get("driver_node_type_id") or worker
    autoscale = spec.get("autoscale") or {}
    workers = autoscale.get("max_workers", spec.get("num_workers")) or 0
    return float((_cores(driver) + workers * _cores(worker)) * _DBUS_OF_A_CORE)


def _cores(node_type_id: str | None) -> float:
    node = node_types().get(node_type_id or "")
    return node.num_cores if node is not None else 0.0
