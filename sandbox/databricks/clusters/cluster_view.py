"""A cluster as `clusters/get` and `clusters/list` show it: what was asked, what the service filled in, its state."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.catalogue import major_version, node_types
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_size import SINGLE_NODE_CONF, SINGLE_NODE_TAG, workers_of
from sandbox.databricks.directory import Directory

# The service answers with the old names: https://docs.databricks.com/api/azure/workspace/clusters/create
_ACCESS_MODES = {"DATA_SECURITY_MODE_DEDICATED": "SINGLE_USER", "DATA_SECURITY_MODE_STANDARD": "USER_ISOLATION"}
_AZURE_DEFAULTS = {"first_on_demand": 1, "availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}
_FIRST_STANDARD_AUTO = (14, 3)


def details(cluster: Cluster, directory: Directory) -> dict[str, Any]:
    """The `clusters/get` answer."""
    return {**list_row(cluster, directory), "spec": cluster.asked}


def list_row(cluster: Cluster, directory: Directory) -> dict[str, Any]:
    """As `details` without `spec`. A creator who is not there any more is not told."""
    row = {**_filled(cluster), **_state(cluster), **_machines(cluster)}
    if directory.someone(cluster.creator) is None:
        del row["creator_user_name"]
    return row


def access_mode(spec: dict[str, Any]) -> str | None:
    """The mode under its old name; AUTO is dedicated for ML, GPU and runtimes before 14.3, else standard."""
    mode = spec.get("data_security_mode")
    if mode != "DATA_SECURITY_MODE_AUTO":
        return _ACCESS_MODES.get(mode, mode) if mode else None
    key = _effective_version(spec)
    dedicated = "-ml-" in key or _has_gpus(spec) or _version(key) < _FIRST_STANDARD_AUTO
    return "SINGLE_USER" if dedicated else "USER_ISOLATION"


def _filled(cluster: Cluster) -> dict[str, Any]:
    spec = cluster.spec
    node = spec.get("node_type_id", "")
    filled = {
        "cluster_id": cluster.cluster_id, "creator_user_name": cluster.creator, "cluster_source": cluster.source,
        "cluster_name": "", "driver_node_type_id": node, "autotermination_minutes": 0, "enable_elastic_disk": True,
        "enable_local_disk_encryption": False, "disk_spec": {}, "init_scripts_safe_mode": False,
        "runtime_engine": "PHOTON" if "-photon-" in spec["spark_version"] else "STANDARD",
        **spec, **_single_node(spec),
        "azure_attributes": {**_AZURE_DEFAULTS, **spec.get("azure_attributes", {})},
        "default_tags": {"Vendor": "Databricks", "Creator": cluster.creator, "ClusterName": cluster.name,
                         "ClusterId": cluster.cluster_id, **cluster.run_tags},
        "instance_source": {"node_type_id": node},
        "driver_instance_source": {"node_type_id": spec.get("driver_node_type_id", node)},
        "effective_spark_version": _effective_version(spec),
    }
    mode = access_mode(spec)
    if mode is not None:
        filled["data_security_mode"] = mode
    if mode == "SINGLE_USER":
        filled["single_user_name"] = spec.get("single_user_name") or cluster.creator
    return filled


def _state(cluster: Cluster) -> dict[str, Any]:
    times = {"start_time": cluster.start_time, "terminated_time": cluster.terminated_time,
             "last_restarted_time": cluster.last_restarted_time,
             "last_state_loss_time": cluster.last_restarted_time or 0.0}
    state: dict[str, Any] = {"state": cluster.state, "state_message": cluster.state_message}
    state.update({name: int(time * 1000) for name, time in times.items() if time is not None})
    if cluster.state in {"TERMINATING", "TERMINATED"} and cluster.reason is not None:
        state["termination_reason"] = cluster.reason.as_json()
    if cluster.pinned_by is not None:
        state["pinned_by_user_name"] = cluster.pinned_by
    return state


def _machines(cluster: Cluster) -> dict[str, Any]:
    workers = workers_of(cluster.spec)
    machines: dict[str, Any] = {"num_workers": workers, "jdbc_port": 10000}
    if cluster.last_spark_context_id is not None:
        # Of the last driver, too: https://docs.databricks.com/api/azure/workspace/clusters/get.
        machines["spark_context_id"] = cluster.last_spark_context_id
    if cluster.state not in {"RUNNING", "RESIZING"}:
        return machines
    node = node_types()[cluster.spec["node_type_id"]]
    driver = node_types()[cluster.spec.get("driver_node_type_id", node.node_type_id)]
    return {
        **machines,
        "cluster_cores": driver.num_cores + workers * node.num_cores,
        "cluster_memory_mb": driver.memory_mb + workers * node.memory_mb,
        "driver": _machine(cluster, 0), "executors": [_machine(cluster, at) for at in range(1, workers + 1)],
    }


def _machine(cluster: Cluster, at: int) -> dict[str, Any]:
    return {"node_id": f"{cluster.cluster_id}-{at}", "instance_id": f"{cluster.cluster_id}-{at}",
            "private_ip": f"10.139.{at // 250}.{at % 250 + 4}", "start_timestamp": int(cluster.start_time * 1000)}


def _single_node(spec: dict[str, Any]) -> dict[str, Any]:
    """What the simple form stands for: https://docs.databricks.com/compute/simple-form.html."""
    if not spec.get("is_single_node"):
        return {}
    return {"spark_conf": {**spec.get("spark_conf", {}), **SINGLE_NODE_CONF},
            "custom_tags": {**spec.get("custom_tags", {}), **SINGLE_NODE_TAG}}


def _effective_version(spec: dict[str, Any]) -> str:
    """With `use_ml_runtime` the node type decides which ML runtime it is."""
    key: str = spec["spark_version"]
    if not spec.get("use_ml_runtime") or "-ml-" in key:
        return key
    return key.replace("-scala", "-gpu-ml-scala" if _has_gpus(spec) else "-cpu-ml-scala")


def _has_gpus(spec: dict[str, Any]) -> bool:
    node = node_types().get(spec.get("node_type_id", ""))
    return node is not None and node.num_gpus > 0


def _version(key: str) -> tuple[int, int]:
    minor = key.split(".")[1] if key.count(".") else "x"
    return major_version(key), int(minor) if minor.isdecimal() else 0
