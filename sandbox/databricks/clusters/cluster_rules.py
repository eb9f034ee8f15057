"""What the service refuses in a cluster specification. Pure: a specification in, an `ApiError` or nothing out."""
from __future__ import annotations

import re
from typing import Any

from sandbox.databricks.catalogue import node_types, spark_versions
from sandbox.databricks.errors import refuse, refuse_missing, unknown_node_type
from sandbox.databricks.pools.errors import supplied_by_pool

Spec = dict[str, Any]
TAG_KEY_FORBIDDEN = re.compile(r"[<>*&%;\\/+?]")
_MOST_WORKERS = 100_000
_NOT_FOR_ML = {"USER_ISOLATION": "User Isolation", "DATA_SECURITY_MODE_STANDARD": "User Isolation",
               "LEGACY_TABLE_ACL": "Legacy Table Acl"}
# What the machines of a pool have already. An empty value says no more than none.
_OF_POOLS = ("node_type_id", "driver_node_type_id", "azure_attributes", "enable_elastic_disk")
_SINGLE_NODE_CONF = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local"}


def check_spec(spec: Spec) -> None:
    """As a request says it: with a pool the node types are the pool's, and not in `spec`."""
    for rule in (_runtime, _size, _nodes, _autotermination, _tags, _counts, _photon, _ml_runtime, _spot,
                 _preview_fields):
        rule(spec)


def check_init_scripts(spec: Spec) -> None:
    """Looked at when the cluster is made: a job may name such scripts, but its runs fail.

    https://github.com/databrickslabs/dbx/issues/686
    """
    if "docker_image" not in spec and any("file" in script for script in spec.get("init_scripts", ())):
        refuse("File init scripts (specified with a file:/ prefix) can only be specified for clusters with custom "
               "docker containers.")


def check_size(size: Spec) -> None:
    """`size` holds `num_workers` or `autoscale`."""
    if ("num_workers" in size) == ("autoscale" in size):
        if "autoscale" in size:
            refuse("Only one of num_workers and autoscale may be specified")
        refuse_missing("size")
    if not 0 <= size.get("num_workers", 0) <= _MOST_WORKERS:
        refuse(f"num_workers must be between 0 and {_MOST_WORKERS}, got {size['num_workers']}")
    if "autoscale" in size:
        _autoscale(size["autoscale"])


def _runtime(spec: Spec) -> None:
    if not spec.get("spark_version"):
        refuse_missing("spark_version")
    key = spec["spark_version"]
    if key not in spark_versions() and not key.startswith("custom:"):
        refuse(f"Invalid spark version {key}.")


def _size(spec: Spec) -> None:
    if spec.get("is_single_node") and not {"num_workers", "autoscale"} & spec.keys():
        return
    check_size(spec)
    if spec.get("num_workers") == 0 and not _is_single_node(spec):
        refuse("NumWorkers could be 0 only for SingleNode clusters.")


def _autoscale(autoscale: Spec) -> None:
    low, high = autoscale.get("min_workers"), autoscale.get("max_workers")
    if low is None or high is None:
        refuse_missing("autoscale.min_workers" if low is None else "autoscale.max_workers")
    if not 0 <= low < high <= _MOST_WORKERS:
        refuse(f"autoscale.max_workers ({high}) must be greater than autoscale.min_workers ({low})")


def _is_single_node(spec: Spec) -> bool:
    conf, tags = spec.get("spark_conf", {}), spec.get("custom_tags", {})
    by_conf = all(conf.get(key, "").startswith(value) for key, value in _SINGLE_NODE_CONF.items())
    return bool(spec.get("is_single_node")) or (by_conf and tags.get("ResourceClass") == "SingleNode")


def _nodes(spec: Spec) -> None:
    if spec.get("instance_pool_id"):
        supplied = [name for name in _OF_POOLS if spec.get(name)]
        if supplied:
            raise supplied_by_pool(supplied[0])
        return
    if not spec.get("node_type_id"):
        refuse_missing("node_type_id")
    for name in ("node_type_id", "driver_node_type_id"):
        if name in spec and spec[name] not in node_types():
            raise unknown_node_type(spec[name], node_types())


def _autotermination(spec: Spec) -> None:
    minutes = spec.get("autotermination_minutes", 0)
    if minutes != 0 and not 10 <= minutes <= 10_000:
        refuse(f"autotermination_minutes must be 0 or between 10 and 10000, got {minutes}")


def _tags(spec: Spec) -> None:
    tags = spec.get("custom_tags", {})
    if len(tags) > 45:
        refuse(f"custom_tags: at most 45 tags are allowed, got {len(tags)}")
    for key, value in tags.items():
        if not 1 <= len(key) <= 512 or TAG_KEY_FORBIDDEN.search(key):
            refuse(f"custom_tags: the key {key!r} is empty, longer than 512 or holds one of <>*&%;\\/+?")
        if len(value) > 256:
            refuse(f"custom_tags: the value of {key!r} is longer than 256 characters")


def _counts(spec: Spec) -> None:
    for name in ("ssh_public_keys", "init_scripts"):
        if len(spec.get(name, ())) > 10:
            refuse(f"{name}: at most 10 are allowed, got {len(spec[name])}")


def _photon(spec: Spec) -> None:
    if "-photon-" in spec["spark_version"] and spec.get("runtime_engine") not in {None, "PHOTON"}:
        refuse(f"runtime_engine {spec['runtime_engine']} conflicts with spark version {spec['spark_version']}")


def _ml_runtime(spec: Spec) -> None:
    """Not where users are kept apart: https://learn.microsoft.com/azure/databricks/compute/standard-limitations.

    Worded like https://github.com/databrickslabs/dbx/issues/618. Of GPU nodes the documentation says the same; how they
    are refused with a runtime that is not for ML was not seen.
    """
    mode = spec.get("data_security_mode", "")
    if mode in _NOT_FOR_ML and ("-ml-" in spec["spark_version"] or spec.get("use_ml_runtime")):
        refuse(f"Selected runtime version does not support {_NOT_FOR_ML[mode]} security mode")


def _spot(spec: Spec) -> None:
    """-1 is the price on demand: https://docs.databricks.com/api/azure/workspace/clusters/create."""
    price = spec.get("azure_attributes", {}).get("spot_bid_max_price", -1)
    if price != -1 and price <= 0:
        refuse(f"azure_attributes.spot_bid_max_price must be greater than 0, or -1, got {price}")


def _preview_fields(spec: Spec) -> None:
    for name in ("is_single_node", "use_ml_runtime"):
        if name in spec and spec.get("kind") != "CLASSIC_PREVIEW":
            refuse(f"{name} is only allowed with kind CLASSIC_PREVIEW")
