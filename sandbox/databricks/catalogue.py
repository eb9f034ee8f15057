"""The runtimes and node types a workspace offers."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class NodeType:
    node_type_id: str
    num_cores: float
    memory_mb: int
    num_gpus: int
    category: str
    is_deprecated: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "node_type_id": self.node_type_id, "num_cores": self.num_cores, "memory_mb": self.memory_mb,
            "num_gpus": self.num_gpus, "category": self.category, "description": self.node_type_id,
            "instance_type_id": self.node_type_id, "is_deprecated": self.is_deprecated, "is_hidden": False,
            "is_graviton": False, "is_io_cache_enabled": False, "is_encrypted_in_transit": False,
            "support_cluster_tags": True, "support_port_forwarding": True,
            "photon_worker_capable": self.num_gpus == 0, "photon_driver_capable": self.num_gpus == 0,
            "node_info": {"status": [], "available_core_quota": 350.0, "total_core_quota": 350.0},
            "node_instance_type": {"instance_type_id": self.node_type_id, "local_disks": 1,
                                   "local_disk_size_gb": 28, "local_nvme_disks": 0,
                                   "local_nvme_disk_size_gb": 0},
        }


@cache
def node_types() -> dict[str, NodeType]:
    return {row[0]: NodeType(*row) for row in _rows("node_types.json")}


@cache
def spark_versions() -> dict[str, str]:
    """Name by runtime key, newest first."""
    return {row[0]: row[1] for row in _rows("spark_versions.json")}


def major_version(spark_version: str) -> int:
    """16 for `16.4.x-scala2.12`; 0 for a custom image."""
    head = spark_version.partition(".")[0]
    return int(head) if head.isdecimal() else 0


def _rows(name: str) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads((_DATA / name).read_text("utf-8"))["rows"]
    return rows
