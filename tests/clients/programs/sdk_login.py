"""databricks-sdk signs in by itself: as a service principal of the workspace, and as one of Entra."""
from __future__ import annotations

import os

from databricks.sdk import WorkspaceClient
from databricks.sdk.config import Config
from databricks.sdk.environments import AzureEnvironment, Cloud, DatabricksEnvironment

DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
MANAGEMENT = "https://management.core.windows.net/"


def oauth() -> WorkspaceClient:
    """With a secret that Databricks itself has given out."""
    return WorkspaceClient(auth_type="oauth-m2m", client_id=os.environ["OAUTH_ID"],
                           client_secret=os.environ["OAUTH_SECRET"])


def entra() -> WorkspaceClient:
    """In a cloud whose sign-in is elsewhere; which tenant it is the SDK asks the workspace."""
    cloud = AzureEnvironment("LOCAL", MANAGEMENT, "", os.environ["ENTRA_AUTHORITY"] + "/")
    return WorkspaceClient(config=Config(
        databricks_environment=DatabricksEnvironment(Cloud.AZURE, "", DATABRICKS, cloud),
        host=os.environ["DATABRICKS_HOST"], auth_type="azure-client-secret",
        azure_client_id=os.environ["ENTRA_ID"], azure_client_secret=os.environ["ENTRA_SECRET"]))


if __name__ == "__main__":
    for name, sign_in in (("oauth", oauth), ("entra", entra)):
        print(name, sign_in().current_user.me().user_name)
