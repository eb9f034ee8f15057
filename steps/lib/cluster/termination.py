"""Why a cluster did not start, and what to change. Codes: the Clusters API's `TerminationReason`."""
from __future__ import annotations

from collections.abc import Mapping

from steps.lib.cluster.clusters import Cluster
from steps.lib.errors import ServiceError
from steps.lib.wording import cut

_CONFIG = "cluster_and_libraries_config.json"
_SMALLER = (f"choose another node type or fewer workers in {_CONFIG} (cluster_parameters.node_type_id, autoscale), "
            "or ask for a higher quota of the Azure subscription")
_INIT_SCRIPT = "correct the init script that the team's cluster_config.json names (init_scripts)"
_AGAIN = "nothing to change; run the pipeline again later"
_BROKEN = "a cluster in this state never runs again; delete it in the workspace and run the pipeline again"
_ADVICE = {
    "AZURE_QUOTA_EXCEEDED_EXCEPTION": _SMALLER,
    "AZURE_RESOURCE_PROVIDER_THROTTLING": _AGAIN,
    "AZURE_VNET_CONFIGURATION_FAILURE": "let the network owner look at the workspace's virtual network",
    "CLOUD_PROVIDER_LAUNCH_FAILURE": _SMALLER,
    "CLOUD_PROVIDER_RESOURCE_STOCKOUT": f"Azure has none of these machines now; choose another node type in {_CONFIG}",
    "CLOUD_PROVIDER_SHUTDOWN": _AGAIN,
    "DRIVER_UNREACHABLE": _AGAIN,
    "INACTIVITY": "it was idle for autotermination_minutes before it was needed; run the pipeline again",
    "INIT_SCRIPT_FAILURE": _INIT_SCRIPT,
    "GLOBAL_INIT_SCRIPT_FAILURE": "let a workspace admin correct the global init script",
    "INSTANCE_POOL_MAX_CAPACITY_REACHED": "the instance pool is full; use fewer workers or let its owner enlarge it",
    "INVALID_ARGUMENT": f"correct the cluster_parameters in {_CONFIG}",
    "SPARK_ERROR": f"check spark_conf and spark_version in {_CONFIG} and in the team's cluster_config.json",
    "SPARK_STARTUP_FAILURE": f"check spark_conf and spark_version in {_CONFIG} and in the team's cluster_config.json",
    "USER_REQUEST": "somebody stopped it while it was starting; run the pipeline again",
}
_BY_TYPE = {
    "CLIENT_ERROR": f"correct the cluster_parameters in {_CONFIG}",
    "CLOUD_FAILURE": _SMALLER,
    "SERVICE_FAULT": _AGAIN,
}


def start_failed(cluster: Cluster) -> ServiceError:
    """The error for a cluster that should run and is TERMINATED (or ERROR) instead."""
    reason = cluster.body.get("termination_reason")
    known: Mapping[str, object] = reason if isinstance(reason, Mapping) else {}
    code, kind = str(known.get("code", "")), str(known.get("type", ""))
    what = f"{code or 'no reason given'}{f' ({kind})' if kind else ''}"
    advice = _ADVICE.get(code) or _BY_TYPE.get(kind) or "look at its event log in the workspace"
    if cluster.state == "ERROR":
        advice = _BROKEN
    details = _details(known.get("parameters"), cluster.body.get("state_message"))
    message = (f"cluster {cluster.name!r} ({cluster.cluster_id}): did not start, {cluster.state}: {what}"
               f"{details}; {advice}")
    return ServiceError(message)


def _details(parameters: object, state_message: object) -> str:
    pairs = [f"{key}={value!r}" for key, value in parameters.items()] if isinstance(parameters, Mapping) else []
    if state_message:
        pairs.append(f"state_message={state_message!r}")
    return f", {cut(', '.join(pairs))}" if pairs else ""
