"""databricks-sdk chooses runtimes and node types from what the workspace lists."""
from __future__ import annotations

import json
import os

from databricks.sdk import WorkspaceClient


def select(workspace: WorkspaceClient, wanted: dict[str, str | bool]) -> str:
    try:
        return workspace.clusters.select_spark_version(**wanted)  # type: ignore[arg-type]
    except ValueError as error:
        return str(error)


if __name__ == "__main__":
    client = WorkspaceClient()
    for text in os.environ["WANTED_RUNTIMES"].splitlines():
        print(select(client, json.loads(text)))
    print(client.clusters.select_node_type(min_cores=4, min_gpus=1))
    print(client.clusters.select_node_type(local_disk=True, min_memory_gb=16))
