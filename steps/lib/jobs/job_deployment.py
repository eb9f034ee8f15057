"""Where a product's jobs are deployed to, and what earlier steps have made for them."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.databricks.workspace import Workspace
from steps.lib.jobs.parts import Parts
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment


@dataclass(frozen=True)
class JobDeployment:
    """`template` is the team's `jobs_config.json`, `folder` the Git folder of the product, such as /Repos/dev/churn.

    `run_as` is an application id, empty where the one who creates a job shall be it. `cluster_id` is that of the
    high-concurrency cluster, empty where no job needs it or it does not exist yet. `clusters` and `libraries` are what
    was generated; None while files are only checked.
    """

    environment: TargetEnvironment
    repository: str
    folder: str
    template: Document
    run_as: str = ""
    cluster_id: str = ""
    clusters: Parts | None = None
    libraries: Parts | None = None


def principal_of(workspace: Workspace) -> str:
    """The service principal jobs run as: the first of the environment in `workspaces.json`; empty where it has none."""
    principals = workspace.service_principals
    return principals[0].application_id if principals else ""
