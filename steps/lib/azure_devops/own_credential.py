"""Who a step is in Azure DevOps that works in a workspace, too: the same Entra principal, unless told otherwise."""
from __future__ import annotations

from collections.abc import Mapping

from steps.lib.azure_devops.credentials import JOB_TOKEN_SWITCH
from steps.lib.databricks.credentials import PROVIDERS
from steps.lib.databricks.workspace import Workspace
from steps.lib.settings import Reader

_PERSONAL_TOKEN = "AZURE_DEVOPS_EXT_PAT"  # noqa: S105 - the name of a variable


def azure_devops_environ(environ: Mapping[str, str], workspace: Workspace) -> dict[str, str]:
    """`environ` as the client of Azure DevOps takes it, which refuses two credentials at once.

    With AZURE_DEVOPS_USE_JOB_TOKEN or AZURE_DEVOPS_EXT_PAT those of `workspace` are left out.
    """
    reader = Reader(environ)
    authority = {"ENTRA_AUTHORITY": reader.optional("ENTRA_AUTHORITY") or workspace.entra_authority}
    if not (reader.flag(JOB_TOKEN_SWITCH) or reader.optional(_PERSONAL_TOKEN)):
        return {**environ, **authority}
    of_workspace = {name for provider in PROVIDERS for name in (provider.key, *provider.needs)}
    return {name: value for name, value in environ.items() if name not in of_workspace}
