from __future__ import annotations

import pytest

from steps.lib.azure_devops.credentials import provider_for
from steps.lib.azure_devops.own_credential import azure_devops_environ
from steps.lib.databricks.workspace import Workspace
from steps.lib.target_environment import TargetEnvironment

LOCAL = Workspace("data_science", TargetEnvironment.LOCAL, "https://adb-1.azuredatabricks.net",
                  entra_authority="https://login.example.test")
ENTRA = {"ENTRA_TENANT_ID": "t", "ENTRA_CLIENT_ID": "c", "ENTRA_CLIENT_SECRET": "s"}


@pytest.mark.parametrize(("more", "title"), [
    ({}, "Entra service principal with client secret"), ({"AZURE_DEVOPS_EXT_PAT": "p"}, "personal access token"),
    ({"AZURE_DEVOPS_USE_JOB_TOKEN": "True", "SYSTEM_ACCESSTOKEN": "j"}, "access token of the pipeline's job"),
], ids=["same principal", "personal token", "job"])
def test_exactly_one_credential_is_left(more: dict[str, str], title: str) -> None:
    assert provider_for(azure_devops_environ({**ENTRA, **more}, LOCAL)).title == title


@pytest.mark.parametrize(("more", "authority"), [
    ({}, "https://login.example.test"), ({"ENTRA_AUTHORITY": "https://other.test"}, "https://other.test"),
], ids=["of the workspace", "told"])
def test_principal_signs_in_where_it_does_for_the_workspace(more: dict[str, str], authority: str) -> None:
    assert azure_devops_environ({**ENTRA, **more}, LOCAL)["ENTRA_AUTHORITY"] == authority


def test_credential_of_the_workspace_alone_is_none_for_azure_devops() -> None:
    environ = {"DATABRICKS_TOKEN": "d", "AZURE_DEVOPS_EXT_PAT": "p", "PATH": "/bin"}
    assert azure_devops_environ(environ, LOCAL) == {"AZURE_DEVOPS_EXT_PAT": "p", "PATH": "/bin"}
