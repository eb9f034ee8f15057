"""databricks-sdk is told `PermissionDenied` whatever somebody tries who has no rights."""
from __future__ import annotations

import os
from collections.abc import Callable

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import PermissionDenied
from databricks.sdk.service import compute, iam

CLUSTER = os.environ["CLUSTER_ID"]
WANTED = [compute.Library(pypi=compute.PythonPyPiLibrary("pandas"))]


def attempts(client: WorkspaceClient) -> dict[str, Callable[[], object]]:
    return {
        "create cluster": lambda: client.clusters.create(
            "16.4.x-scala2.12", node_type_id="Standard_DS3_v2", num_workers=1),
        "get cluster": lambda: client.clusters.get(CLUSTER),
        "delete cluster": lambda: client.clusters.delete(CLUSTER),
        "install": lambda: client.libraries.install(CLUSTER, WANTED),
        "get missing job": lambda: client.jobs.get(1),
        "pin": lambda: client.clusters.pin(CLUSTER),
        "make user": lambda: client.users.create(user_name="new@example.test"),
        "make policy": lambda: client.cluster_policies.create(name="mine", definition="{}"),
        "set permissions": lambda: client.permissions.set("clusters", CLUSTER, access_control_list=[
            iam.AccessControlRequest(group_name="users", permission_level=iam.PermissionLevel.CAN_MANAGE)]),
    }


if __name__ == "__main__":
    sdk = WorkspaceClient()
    print("me", sdk.current_user.me().user_name)
    for name, attempt in attempts(sdk).items():
        try:
            attempt()
        except PermissionDenied:
            print("refused", name)
