"""The areas of the REST API in the order in which their routes are tried: one line for each."""
from __future__ import annotations

from sandbox.azure_devops.rest import locations, project_changes, projects
from sandbox.azure_devops.rest.checks import approvals, check_configurations, check_suites
from sandbox.azure_devops.rest.git import commits, diffs, items, pushes, refs, repositories
from sandbox.azure_devops.rest.library import endpoints, environments, oidc_token, queues, variable_groups
from sandbox.azure_devops.rest.pipelines import (
    authorized_resources,
    build_artifacts,
    build_logs,
    builds,
    definitions,
    general_settings,
    pipeline_permissions,
    pipeline_runs,
    pipelines,
)
from sandbox.azure_devops.rest.policies import policies
from sandbox.azure_devops.rest.pull_requests import pull_requests, reviewers, statuses, threads
from sandbox.azure_devops.rest.security import access_control, identities, security_roles

AREAS = (
    locations.routes, projects.routes, project_changes.routes,
    repositories.routes, refs.routes, pushes.routes, items.routes, commits.routes, diffs.routes,
    policies.routes,
    reviewers.routes, statuses.routes, threads.routes, pull_requests.routes,
    build_logs.routes, builds.routes, build_artifacts.routes, authorized_resources.routes, definitions.routes,
    general_settings.routes,
    oidc_token.routes, endpoints.routes, environments.routes, queues.routes, variable_groups.routes,
    access_control.routes, security_roles.routes, identities.routes,
    approvals.routes, check_configurations.routes, check_suites.routes,
    # The last: whatever else is below `pipelines/` goes before the number of a pipeline.
    pipeline_permissions.routes, pipeline_runs.routes, pipelines.routes,
)
