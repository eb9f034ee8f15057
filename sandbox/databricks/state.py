"""Everything a workspace remembers, behind one lock."""
from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_machine import ClusterMachine
from sandbox.databricks.clusters.cluster_pages import OpenLists
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.clusters.first_reads import FirstReads
from sandbox.databricks.commands.context_store import ExecutionContexts
from sandbox.databricks.dbfs.file_system import DbfsFiles
from sandbox.databricks.dbfs.streams import DbfsStreams
from sandbox.databricks.delays import Delays
from sandbox.databricks.directory import Directory, Principal, PrincipalKey
from sandbox.databricks.errors import no_cluster, old_cluster
from sandbox.databricks.jobs.job_store import JobStore
from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.tracking import Tracking
from sandbox.databricks.notebooks.task import NotebookRunner
from sandbox.databricks.oauth.credentials import OAuthCredentials
from sandbox.databricks.permissions.access import CLUSTERS, Access
from sandbox.databricks.planned_failures import PlannedFailures
from sandbox.databricks.policies.enforcement import settled_spec
from sandbox.databricks.policies.policy_store import Policies
from sandbox.databricks.policies.virtual_attributes import JOB
from sandbox.databricks.pools.pool_store import Pools
from sandbox.databricks.pools.pool_use import pool_failure
from sandbox.databricks.registry.registry import WorkspaceRegistry
from sandbox.databricks.repos.credentials import GitCredentials
from sandbox.databricks.repos.git_folders import GitFolders
from sandbox.databricks.runs.run_machine import RunMachine
from sandbox.databricks.secrets.scopes import SecretScopes
from sandbox.databricks.tokens.token_store import Tokens
from sandbox.databricks.unity_catalog.catalog import UnityCatalog
from sandbox.databricks.workspace_files.files import WorkspaceFiles
from sandbox.databricks.workspace_files.temporary_folder import temporary_folder
from sandbox.databricks.workspace_settings.global_init_scripts import GlobalInitScripts
from sandbox.databricks.workspace_settings.workspace_conf import WorkspaceConf

# A cluster is not told any more after 30 days, and no one can even describe it after 60:
# https://docs.databricks.com/api/azure/workspace/clusters/get.
_FORGOTTEN_AFTER = 30 * 24 * 3600
_REMOVED_AFTER = 60 * 24 * 3600


@dataclass
class WorkspaceState:
    """Every route runs inside `lock`; so must whoever else reads or changes a running workspace.

    `serverless` is whether tasks may go without compute of their own. `service_principal_users` are pairs of keys: who
    has the role to let jobs run as which service principal. `contributors` are the application ids (in lower case) that
    may change the workspace's Azure resource.

    Files and checkouts lie in `folder`. Without a `runner` the tasks of runs end well without being executed.
    """

    name: str
    clock: Clock
    delays: Delays
    strict: bool = False
    installs_on_stopped: bool = True
    policies_fill_fixed_values: bool = True
    org_id: str = field(default_factory=lambda: str(random.randrange(10**15, 10**16)))  # noqa: S311 - an id
    memory: Memory = field(default_factory=Memory)
    start_failures: PlannedFailures[TerminationReason] = field(default_factory=PlannedFailures)
    library_failures: dict[str, str] = field(default_factory=dict)
    libraries_for_all_clusters: list[dict[str, Any]] = field(default_factory=list)
    folder: Path = field(default_factory=temporary_folder)
    runner: NotebookRunner | None = None
    serverless: bool = False
    service_principal_users: set[tuple[PrincipalKey, PrincipalKey]] = field(default_factory=set)
    task_failures: PlannedFailures[str] = field(default_factory=PlannedFailures)
    contributors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.lock = self.memory.lock
        with self.lock:
            self.org_id = self.memory.collection("org_id", str).setdefault("", self.org_id)
        self.directory = Directory(self.memory)
        self.access = Access(self.directory, self.memory)
        self.policies = Policies(self.memory, self.access, self.clock)
        self.pools = Pools(self.memory, self.access, self.clock)
        self.workspace_conf = WorkspaceConf(self.memory)
        self.global_init_scripts = GlobalInitScripts(self.memory)
        self.contexts = ExecutionContexts(self.folder / "contexts")
        self.dbfs = DbfsFiles(self.folder / "dbfs", self.folder / "dbfs-uploads")
        self.dbfs_streams = DbfsStreams(self.dbfs, self.memory, self.clock)
        self.tokens = Tokens(self.memory, self.clock)
        self.oauth = OAuthCredentials(self.memory, self.clock)
        self.files = WorkspaceFiles(self.folder, self.memory, self.clock, self.directory, self.access)
        self.secrets = SecretScopes(self.directory, self.memory)
        self.git_credentials = GitCredentials(self.memory)
        self.repos = GitFolders(self.folder / "git", self.files, self.memory)
        self.clusters = ClusterStore(self.memory)
        self.open_lists = OpenLists()
        self.first_reads = FirstReads()
        self.machine = ClusterMachine(self.clock, self.delays, self.clusters,
                                      library_failures=self.library_failures, start_failure=self._why_no_start)
        self.mlflow = Tracking(self.memory, self.access, self.files, self.folder / "artifacts")
        self.registry = WorkspaceRegistry(self.memory)
        self.unity_catalog = UnityCatalog(self.memory, self.org_id, self.clock.now())
        self.jobs = JobStore(self.memory)
        self.runs = RunMachine(self)

    def cluster(self, cluster_id: str) -> Cluster:
        """The cluster as it is by now; missing and long terminated ones are errors."""
        cluster = self.clusters.get(cluster_id)
        if cluster is None:
            raise no_cluster(cluster_id)
        self.machine.settle(cluster)
        unused = cluster.unused_for(self.clock.now())
        if unused > _REMOVED_AFTER:
            self.remove_cluster(cluster_id)
            raise no_cluster(cluster_id)
        if unused > _FORGOTTEN_AFTER:
            raise old_cluster(cluster_id)
        return cluster

    def job_cluster_spec(self, owner: Principal, asked: dict[str, Any], *, apply_defaults: bool) -> dict[str, Any]:
        """What a cluster of a run of `owner` is made of; refused as the policy and the service refuse."""
        return settled_spec(self, owner, asked, apply_defaults=apply_defaults, cluster_type=JOB)

    def is_forgotten(self, cluster: Cluster) -> bool:
        return cluster.unused_for(self.clock.now()) > _FORGOTTEN_AFTER

    def remove_cluster(self, cluster_id: str) -> None:
        del self.clusters[cluster_id]
        self.access.remove_object(CLUSTERS, cluster_id)

    def _why_no_start(self, cluster: Cluster) -> TerminationReason | None:
        return self.start_failures.take(cluster.name) or pool_failure(self.pools, self.clusters, cluster)
