"""What a workspace serves: the route tables of its API families."""
from __future__ import annotations

from collections.abc import Callable

from sandbox.databricks.call import Routes
from sandbox.databricks.clusters.cluster_routes import cluster_routes
from sandbox.databricks.commands.command_routes import command_routes
from sandbox.databricks.dbfs.dbfs_routes import dbfs_routes
from sandbox.databricks.groups.group_routes import group_routes
from sandbox.databricks.jobs.job_routes import job_routes
from sandbox.databricks.libraries.library_routes import library_routes
from sandbox.databricks.mlflow.routes import mlflow_routes
from sandbox.databricks.offerings.empty_lists import empty_list_routes
from sandbox.databricks.offerings.files_api import files_api_routes
from sandbox.databricks.permissions.permission_routes import permission_routes
from sandbox.databricks.policies.compliance_routes import compliance_routes
from sandbox.databricks.policies.job_compliance_routes import job_compliance_routes
from sandbox.databricks.policies.policy_routes import policy_routes
from sandbox.databricks.pools.pool_routes import pool_routes
from sandbox.databricks.registry.routes import registry_routes
from sandbox.databricks.repos.credential_routes import git_credential_routes
from sandbox.databricks.repos.routes import repo_routes
from sandbox.databricks.runs.run_routes import run_routes
from sandbox.databricks.scim.scim_routes import scim_routes
from sandbox.databricks.secrets.routes import secret_routes
from sandbox.databricks.tokens.token_management_routes import token_management_routes
from sandbox.databricks.tokens.token_routes import token_routes
from sandbox.databricks.unity_catalog.routes import unity_catalog_routes
from sandbox.databricks.workspace_files.routes import workspace_file_routes
from sandbox.databricks.workspace_settings.global_init_script_routes import global_init_script_routes
from sandbox.databricks.workspace_settings.workspace_conf_routes import workspace_conf_routes
from sandbox.entra.tenant import Tenant

_FAMILIES: tuple[Callable[[], Routes], ...] = (
    cluster_routes,
    library_routes,
    permission_routes,
    scim_routes,
    token_routes,
    token_management_routes,
    group_routes,
    job_routes,
    run_routes,
    workspace_file_routes,
    secret_routes,
    git_credential_routes,
    mlflow_routes,
    registry_routes,
    unity_catalog_routes,
    policy_routes,
    compliance_routes,
    job_compliance_routes,
    pool_routes,
    dbfs_routes,
    command_routes,
    empty_list_routes,
    files_api_routes,
    workspace_conf_routes,
    global_init_script_routes,
)


def routes() -> Routes:
    """Those whose handlers run inside the workspace's lock."""
    return [route for family in _FAMILIES for route in family()]


def routes_without_lock(tenant: Tenant) -> Routes:
    """Those whose handlers wait for git or the network, and take the lock where they need it."""
    return repo_routes(tenant)
