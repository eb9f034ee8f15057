"""What the tests of libraries ask."""
from __future__ import annotations

from typing import Any

from tests.sandbox.databricks.conftest import Client, Reply

PANDAS = {"pypi": {"package": "pandas==2.2.3"}}
OTHER_PANDAS = {"pypi": {"package": "Pandas==2.1.0"}}
NUMPY = {"pypi": {"package": "numpy==2.1.3"}}
JAR = {"jar": "dbfs:/a.jar"}
OTHER = {"jar": "dbfs:/b.jar"}


def install(client: Client, cluster_id: str, *libraries: Any) -> Reply:
    return client.post("2.0/libraries/install", cluster_id=cluster_id, libraries=list(libraries))


def uninstall(client: Client, cluster_id: str, *libraries: Any) -> Reply:
    return client.post("2.0/libraries/uninstall", cluster_id=cluster_id, libraries=list(libraries))


def restart(client: Client, cluster_id: str) -> None:
    client.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert [client.state(cluster_id) for _ in range(2)] == ["RESTARTING", "RUNNING"]


def rows(client: Client, cluster_id: str) -> list[dict[str, Any]]:
    return list(client.get("2.0/libraries/cluster-status", cluster_id=cluster_id).body.get("library_statuses", ()))


def installed(client: Client, *libraries: Any) -> str:
    cluster_id = client.create_running()
    assert install(client, cluster_id, *libraries).body == {}
    assert client.libraries(cluster_id) == ["INSTALLING"] * len(libraries)
    assert client.libraries(cluster_id) == ["INSTALLED"] * len(libraries)
    return cluster_id


def installed_beside(client: Client, *libraries: Any) -> str:
    """As `installed`, where the cluster has libraries of all clusters, too."""
    cluster_id = client.create_running()
    install(client, cluster_id, *libraries)
    for _ in range(2):
        client.libraries(cluster_id)
    return cluster_id
