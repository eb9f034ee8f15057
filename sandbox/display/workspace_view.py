"""What the Databricks UI would show of a cluster, read through the workspace's own REST API."""
from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback: no proxy of this machine in between


@dataclass(frozen=True)
class WorkspaceView:
    """Reads the workspace at `host` with the token of one of its users."""

    host: str
    token: str

    def cluster_of(self, branch: str) -> dict[str, Any] | None:
        """The cluster whose tags carry `branch`, or None."""
        return next((one for one in self.clusters() if one.get("custom_tags", {}).get("branch") == branch), None)

    def clusters(self) -> list[dict[str, Any]]:
        """At most a hundred, which is more than a story needs."""
        return list(self.get("/api/2.1/clusters/list", page_size=100).get("clusters", []))

    def libraries(self, cluster_id: str) -> list[dict[str, Any]]:
        status = self.get("/api/2.0/libraries/cluster-status", cluster_id=cluster_id)
        return list(status.get("library_statuses", []))

    def permissions(self, cluster_id: str) -> list[dict[str, Any]]:
        return list(self.get(f"/api/2.0/permissions/clusters/{cluster_id}").get("access_control_list", []))

    def page_of(self, branch: str) -> list[str]:
        """The page of the cluster of `branch`, under a title; a sentence where there is none to show."""
        try:
            cluster = self.cluster_of(branch)
            if cluster is None:
                return [f"The workspace has no cluster for branch {branch!r}."]
            return ["What the Databricks workspace shows now:", *(f"    {line}" for line in self.describe(cluster))]
        except OSError as error:
            return [f"The workspace does not answer: {error}"]

    def describe(self, cluster: dict[str, Any]) -> list[str]:
        """The cluster's page as lines of text."""
        cluster_id = cluster["cluster_id"]
        facts = {
            "cluster": f"{cluster['cluster_name']}  ({cluster['state']}, {cluster_id})",
            "runtime": cluster["spark_version"],
            "node type": cluster.get("node_type_id", ""),
            "workers": workers(cluster),
            "stops after": _idle_time(cluster.get("autotermination_minutes", 0)),
        }
        return [
            *(f"{name:<12}{value}" for name, value in facts.items()),
            *_titled("tags", [f"{key} = {value}" for key, value in sorted(cluster.get("custom_tags", {}).items())]),
            *_titled("permissions", list(_permission_lines(self.permissions(cluster_id)))),
            *_titled("libraries", [_library_line(status) for status in self.libraries(cluster_id)]),
        ]

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """The answer of the workspace to a GET; an OSError where it refuses."""
        target = f"{self.host}{path}?{urlencode(query)}" if query else f"{self.host}{path}"
        request = urllib.request.Request(target, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310 - loopback
        with _OPENER.open(request, timeout=10) as reply:
            data: dict[str, Any] = json.load(reply)
        return data


def workers(cluster: dict[str, Any]) -> str:
    scale = cluster.get("autoscale")
    if scale:
        return f"{scale['min_workers']} to {scale['max_workers']}"
    return str(cluster.get("num_workers", 0)) if cluster.get("num_workers") else "none, a single node"


def _idle_time(minutes: int) -> str:
    if not minutes:
        return "never, however long it is idle"
    return f"{minutes} idle minute{'' if minutes == 1 else 's'}"


def library_name(library: dict[str, Any]) -> str:
    """`pypi: pandas==2.2.3`, whatever kind of library it is."""
    kind, what = next(iter(library.items()))
    name = what.get("package") or what.get("coordinates") if isinstance(what, dict) else what
    return f"{kind}: {name}"


def _permission_lines(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        who = next(f"{kind.removesuffix('_name').replace('_', ' ')} {entry[kind]}"
                   for kind in ("user_name", "group_name", "service_principal_name") if kind in entry)
        for permission in entry["all_permissions"]:
            origin = f"  (inherited from {', '.join(permission.get('inherited_from_object', []))})"
            yield f"{permission['permission_level']:<18}{who}{origin if permission.get('inherited') else ''}"


def _library_line(status: dict[str, Any]) -> str:
    messages = " ".join(status.get("messages", []))
    return f"{status['status']:<24}{library_name(status['library'])}{'  ' + messages if messages else ''}"


def _titled(title: str, lines: list[str]) -> list[str]:
    return [f"{title if at == 0 else '':<12}{line}" for at, line in enumerate(lines or ["none"])]
