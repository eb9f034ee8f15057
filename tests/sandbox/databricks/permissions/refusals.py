"""Requests of every family that the things of `things.py` make, and what a caller without a right is told."""
from __future__ import annotations

from typing import Any

from tests.sandbox.databricks.conftest import SPEC

CLUSTER = {"cluster_id": "{cluster}"}
JOB = {"job_id": "#{job}"}
_RUN = {"run_id": "#{run}"}
_SECRET = {"scope": "scope", "key": "key"}
_POLICY = {"policy_id": "{policy}", "name": "x", "definition": "{{}}"}
_POOL = {"instance_pool_id": "{pool}", "instance_pool_name": "x", "node_type_id": "Standard_DS3_v2"}
_EXPERIMENT = {"experiment_id": "{experiment}"}
_JOB_READERS = "User {caller} does not have View or Admin or Manage Run or Owner permissions on job {job}"
_JOB_WRITERS = "User {caller} does not have Admin or Owner permissions on job {job}"
_ATTACH, _RESTART, _MANAGE = (f"{{caller}} does not have {level} permissions on " for level in (
    "Attach", "Restart", "Manage"))

# Method, path, body, and a part of the message.
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "2.1/clusters/create", SPEC, "not authorized to create clusters"),
    ("GET", "2.1/clusters/get", CLUSTER, f"{_ATTACH}{{cluster}}"),
    ("POST", "2.1/clusters/events", CLUSTER, f"{_ATTACH}{{cluster}}"),
    *(("POST", f"2.1/clusters/{name}", CLUSTER, f"{_RESTART}{{cluster}}") for name in ("start", "restart")),
    *(("POST", f"2.1/clusters/{name}", {**CLUSTER, **SPEC}, f"{_MANAGE}{{cluster}}")
      for name in ("edit", "delete", "permanent-delete", "resize", "pin", "unpin")),
    *(("POST", f"2.0/libraries/{name}", {**CLUSTER, "libraries": [{"jar": "dbfs:/x.jar"}]}, "permissions")
      for name in ("install", "uninstall")),
    ("GET", "2.0/libraries/cluster-status", CLUSTER, f"{_ATTACH}{{cluster}}"),
    ("GET", "2.0/permissions/clusters/{cluster}", {}, f"{_ATTACH}{{cluster}}"),
    ("PUT", "2.0/permissions/jobs/{job}", {}, f"{_MANAGE}Job with ID: ElasticJobId({{job}})"),
    ("GET", "2.2/jobs/get", JOB, _JOB_READERS),
    *(("POST", f"2.2/jobs/{name}", {**JOB, "new_settings": {"name": "x"}}, _JOB_WRITERS)
      for name in ("reset", "update", "delete")),
    ("POST", "2.2/jobs/run-now", JOB, "does not have Admin or Manage Run or Owner permissions on job {job}"),
    *(("GET", f"2.2/jobs/runs/{name}", _RUN, "View permissions on run {run}") for name in ("get", "get-output")),
    *(("POST", f"2.2/jobs/runs/{name}", _RUN, "Manage Run permissions on run {run}") for name in ("cancel", "delete")),
    ("POST", "2.0/workspace/mkdirs", {"path": "/private/new"}, f"{_MANAGE}/private/new"),
    ("POST", "2.0/workspace/import", {"path": "/private/new", "format": "AUTO", "content": "MQ=="}, _MANAGE),
    *(("GET", f"2.0/secrets/{name}", _SECRET, "User {caller} does not have READ permission on scope scope")
      for name in ("list", "get")),
    ("GET", "2.0/secrets/acls/list", _SECRET, "MANAGE permission on scope scope"),
    ("POST", "2.0/secrets/put", {**_SECRET, "string_value": "x"}, "WRITE permission on scope scope"),
    ("POST", "2.0/secrets/scopes/delete", _SECRET, "MANAGE permission on scope scope"),
    *(("POST", f"2.0/policies/clusters/{name}", _POLICY, f"Only admin users can {name} cluster policies")
      for name in ("create", "edit", "delete")),
    ("GET", "2.0/policies/clusters/get", _POLICY, "{caller} is not authorized to use cluster policy {policy}"),
    ("POST", "2.0/instance-pools/create", _POOL, "not authorized to create"),
    ("GET", "2.0/instance-pools/get", _POOL, f"{_ATTACH}instance pool {{pool}}"),
    *(("POST", f"2.0/instance-pools/{name}", _POOL, f"{_MANAGE}instance pool {{pool}}") for name in ("edit", "delete")),
    ("GET", "2.0/mlflow/experiments/get", _EXPERIMENT, "permissions on experiment {experiment}"),
    ("POST", "2.0/mlflow/experiments/delete", _EXPERIMENT, "permissions on experiment {experiment}"),
    ("GET", "2.0/token-management/tokens", {}, "{caller} is not a workspace admin"),
    ("GET", "2.0/groups/list", {}, "{caller} is not a workspace admin"),
]
