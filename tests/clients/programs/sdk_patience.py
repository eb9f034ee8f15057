"""databricks-sdk waits when it is throttled, and gives up when its patience ends."""
from __future__ import annotations

from databricks.sdk import WorkspaceClient
from databricks.sdk.config import Config

if __name__ == "__main__":
    assert list(WorkspaceClient().clusters.list()) == []
    print("clusters listed")
    try:
        list(WorkspaceClient(config=Config(retry_timeout_seconds=2)).jobs.list())
    except TimeoutError as error:
        print("gave up:", error)
