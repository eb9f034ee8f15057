"""The switches of a workspace: `/api/2.0/workspace-conf`."""
from __future__ import annotations

import json
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import deny, invalid, malformed, refuse_missing

_PATH = "/api/2.0/workspace-conf"
# https://learn.microsoft.com/en-us/azure/databricks/admin/workspace-settings, and what clients set.
_KEYS = frozenset({
    "customerApprovedWSLoginExpirationTime", "enableDbfsFileBrowser", "enableDcs",
    "enableDeprecatedClusterNamedInitScripts", "enableDeprecatedGlobalInitScripts", "enableExportNotebook",
    "enableIpAccessLists", "enableJobViewAcls", "enableNotebookTableClipboard", "enableProjectsAllowList",
    "enableProjectTypeInWorkspace", "enableResultsDownloading", "enableTokensConfig", "enableUploadDataUis",
    "enableVerboseAuditLogs", "enableWebTerminal", "enableWorkspaceFilesystem", "enforceClusterViewAcls",
    "enforceUserIsolation", "enforceWorkspaceViewAcls", "maxTokenLifetimeDays", "maxUserInactiveDays",
    "projectsAllowList", "projectsAllowListPermissions", "storeInteractiveNotebookResultsInCustomerAccount",
})


def workspace_conf_routes() -> Routes:
    return [("GET", _PATH, _get), ("PATCH", _PATH, _set)]


def _get(call: Call) -> dict[str, Any]:
    """Switches that nobody has set are null."""
    _check_admin(call)
    keys = [key for key in call.fields("workspace-conf/get-status").get("keys", "").split(",") if key]
    if not keys:
        refuse_missing("keys")
    _check_keys(keys)
    return {key: call.state.workspace_conf.get(key) for key in keys}


def _set(call: Call) -> dict[str, Any]:
    _check_admin(call)
    wanted = call.raw_body()
    _check_keys(wanted)
    for key, value in wanted.items():
        if not isinstance(value, str):
            detail = f"{key} - expected a str"
            raise malformed(detail)
    for key, value in wanted.items():
        call.state.workspace_conf.set(key, value)
    return {}


def _check_keys(keys: Any) -> None:  # noqa: ANN401 - names, or a map by name
    """The Terraform provider reads the names in the message as JSON (workspace/resource_workspace_conf.go)."""
    unknown = [key for key in keys if key not in _KEYS]
    if unknown:
        message = f"Invalid keys: {json.dumps(unknown)}"
        raise invalid(message)


def _check_admin(call: Call) -> None:
    if not call.is_admin:
        deny("Only admin users can read and change the workspace's configuration.")
