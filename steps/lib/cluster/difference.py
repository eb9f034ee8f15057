"""Does a cluster differ from what is wanted? Exact, for an edit restarts people's work, and so does each false alarm.

What the workspace fills in or rewrites by itself is no difference. Two sources say what that is: `spec` of clusters/get
holds what was last sent, by us or by hand, and `_FILLED_IN` holds what the workspace is known to fill in.
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib.json_files.json_path import show_path

Path = tuple[str, ...]
Leaves = dict[Path, object]

COMPARED = (
    "autoscale", "autotermination_minutes", "aws_attributes", "azure_attributes", "cluster_log_conf", "cluster_name",
    "custom_tags", "data_security_mode", "docker_image", "driver_instance_pool_id", "driver_node_type_id",
    "enable_elastic_disk", "enable_local_disk_encryption", "gcp_attributes", "init_scripts", "instance_pool_id",
    "is_single_node", "kind", "node_type_id", "num_workers", "policy_id", "runtime_engine", "single_user_name",
    "spark_conf", "spark_env_vars", "spark_version", "ssh_public_keys", "use_ml_runtime", "workload_type",
)
_TEXT_MAPS = ("custom_tags", "spark_conf", "spark_env_vars")
# A resize by hand changes the size that is in force, and not what was sent last.
_LIVE = ("autoscale", "num_workers")
_ZERO_IS_ABSENT = {("autotermination_minutes",)}
_SECRET_KEY = re.compile(r"key|secret|token|password|credential|\bsas\b", re.IGNORECASE)

# The API answers with the old names of the access modes.
_ACCESS_MODES = {"DATA_SECURITY_MODE_DEDICATED": "SINGLE_USER", "DATA_SECURITY_MODE_STANDARD": "USER_ISOLATION"}
_AUTO = "DATA_SECURITY_MODE_AUTO"

_ANY = object()
# What stands there although nobody asked for it.
_FILLED_IN: dict[Path, tuple[object, ...]] = {
    ("azure_attributes", "availability"): ("ON_DEMAND_AZURE",),
    ("azure_attributes", "first_on_demand"): (0, 1),
    ("azure_attributes", "spot_bid_max_price"): (-1,),
    ("data_security_mode",): ("NONE", "LEGACY_SINGLE_USER_STANDARD"),
    ("enable_elastic_disk",): (_ANY,),
    ("kind",): ("CLASSIC_PREVIEW",),
    ("runtime_engine",): ("STANDARD", "NULL"),
    ("spark_conf", "spark.databricks.delta.preview.enabled"): ("true",),
    ("spark_env_vars", "PYSPARK_PYTHON"): ("/databricks/python3/bin/python3",),
    ("workload_type", "clients", "jobs"): (True,),
    ("workload_type", "clients", "notebooks"): (True,),
}
_FILLED_IN_BY_POOL = ("node_type_id", "driver_node_type_id", "azure_attributes", "enable_elastic_disk")


@dataclass(frozen=True, order=True)
class Change:
    """One value of a cluster that an edit would change; None is absent."""

    path: str
    before: object
    after: object

    def __str__(self) -> str:
        return f"{self.path}: {self._worded(self.before)} -> {self.new}"

    @property
    def new(self) -> str:
        """The value after the edit, worded for people."""
        return self._worded(self.after)

    def _worded(self, value: object) -> str:
        if value is None:
            return "(none)"
        secret = self.path.startswith(("spark_conf", "spark_env_vars")) and _SECRET_KEY.search(self.path)
        if secret and not str(value).startswith("{{secrets/"):
            return "(not shown)"
        return json.dumps(value, ensure_ascii=False, sort_keys=True)


def differences(desired: Mapping[str, object], present: Mapping[str, object]) -> list[Change]:
    """What an edit to `desired` (a body for clusters/create) would change in `present` (an answer of clusters/get)."""
    wanted, actual = _leaves_of(desired, desired), _leaves_of(present, desired)
    spec = present.get("spec")
    sent = _leaves_of(spec, desired) if isinstance(spec, Mapping) else None
    changes = []
    for path in sorted(wanted.keys() | actual.keys()):
        before, after = actual.get(path), wanted.get(path)
        as_sent = sent is not None and path[0] not in _LIVE and sent.get(path) == after
        if before == after or as_sent or _is_filled_in(path, before, wanted):
            continue
        changes.append(Change(show_path(path), before, after))
    return changes


def _is_filled_in(path: Path, value: object, wanted: Leaves) -> bool:
    mode = wanted.get(("data_security_mode",))
    if path == ("data_security_mode",) and mode == _AUTO:
        return value in ("SINGLE_USER", "USER_ISOLATION")
    if path in wanted:
        return False
    if path == ("driver_node_type_id",) and value == wanted.get(("node_type_id",)):
        return True
    if path == ("driver_instance_pool_id",) and value == wanted.get(("instance_pool_id",)):
        return True
    if path == ("single_user_name",):
        return mode in ("SINGLE_USER", _AUTO)
    if path == ("num_workers",):
        return any(other[0] == "autoscale" for other in wanted)
    if ("instance_pool_id",) in wanted and path[0] in _FILLED_IN_BY_POOL:
        return True
    allowed = _FILLED_IN.get(path, ())
    return value in allowed or _ANY in allowed


def _leaves_of(body: Mapping[str, object], desired: Mapping[str, object]) -> Leaves:
    """Every value of a cluster under its path, in one spelling; empty values and false count as absent."""
    known = {key: value for key, value in body.items() if key in COMPARED}
    for key in _TEXT_MAPS:
        known[key] = _as_texts(known.get(key))
    known["custom_tags"] = _without_prefix(known.get("custom_tags"), desired.get("custom_tags"))
    known["data_security_mode"] = _ACCESS_MODES.get(str(known.get("data_security_mode")),
                                                    known.get("data_security_mode"))
    version = known.get("spark_version")
    if isinstance(version, str) and "-photon-" in version:
        known |= {"spark_version": version.replace("-photon-", "-"), "runtime_engine": "PHOTON"}
    leaves: Leaves = {}
    _collect(known, (), leaves)
    return leaves


def _collect(value: object, path: Path, leaves: Leaves) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _collect(item, (*path, str(key)), leaves)
    elif not (value is None or value is False or value in ("", []) or (value == 0 and path in _ZERO_IS_ABSENT)):
        leaves[path] = value


def _as_texts(values: object) -> dict[str, str]:
    if not isinstance(values, Mapping):
        return {}
    return {str(key): json.dumps(value) if isinstance(value, bool) else str(value) for key, value in values.items()}


def _without_prefix(tags: object, wanted: object) -> object:
    """The workspace puts `x_` before a custom tag that has the name of one of its own."""
    if not isinstance(tags, Mapping) or not isinstance(wanted, Mapping):
        return tags
    return {key[2:] if key.startswith("x_") and key[2:] in wanted and key[2:] not in tags else key: value
            for key, value in tags.items()}
