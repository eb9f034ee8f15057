"""How many machines a specification asks for."""
from __future__ import annotations

from typing import Any

SINGLE_NODE_CONF = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
SINGLE_NODE_TAG = {"ResourceClass": "SingleNode"}


def workers_of(spec: dict[str, Any]) -> int:
    """How many workers a cluster begins with; with autoscaling the service tells the present number too."""
    return int(spec["autoscale"]["min_workers"] if "autoscale" in spec else spec.get("num_workers", 0))


def size_of(spec: dict[str, Any]) -> dict[str, Any]:
    """As the service's ClusterSize: a number of workers, or between which two it may move."""
    return {"autoscale": spec["autoscale"]} if "autoscale" in spec else {"num_workers": workers_of(spec)}
