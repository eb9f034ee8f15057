"""The clusters that are made for one run of a job and end with it: the default one, and those that jobs write."""
from __future__ import annotations

from dataclasses import dataclass, replace

from steps.lib.cluster.config import TOP, ClusterConfig, KeyOf, cluster_config, is_identity_tag
from steps.lib.config.conventions import shared_identity
from steps.lib.jobs.job_config import JobConfig
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment

# Of a cluster that stays; one of a job is named by the service and ends with the run.
_NOT_OF_A_RUN = (("cluster_name",), ("autotermination_minutes",))


@dataclass(frozen=True)
class ClusterFiles:
    """What every cluster of a product is made from. `key_of` as for `cluster_config`."""

    product: Document
    template: Document
    repository: str
    environment: TargetEnvironment
    key_of: KeyOf

    def config(self) -> ClusterConfig:
        """The cluster of the product's file under the identity that all jobs of the environment share."""
        identity = shared_identity(self.environment, self.repository)
        return cluster_config(self.product, self.template, identity, self.key_of)


def default_cluster(files: ClusterFiles) -> ClusterConfig:
    """The `new_cluster` of every job that says `default`."""
    config = files.config()
    # Databricks hands the tags of a job on to its clusters; those of the shared cluster would mark them as that one.
    kept = [item for item in config.values if item.path not in _NOT_OF_A_RUN and not is_identity_tag(item.path)]
    return replace(config, values=tuple(kept))


def own_cluster(files: ClusterFiles, job: JobConfig) -> ClusterConfig:
    """The `new_cluster` that a job writes itself; findings name the place in `jobs_config.json`."""
    return default_cluster(replace(files, product=own_parameters(job)))


def own_parameters(job: JobConfig) -> Document:
    """The `new_cluster` that a job writes, in the shape of the product's cluster file."""
    return job.view.part(("new_cluster",), TOP)


def has_own_cluster(job: JobConfig) -> bool:
    return not job.is_high_concurrency and isinstance(job.view.get(("new_cluster",)), dict)


def has_default_cluster(job: JobConfig) -> bool:
    return not job.is_high_concurrency and job.view.get(("new_cluster",)) == "default"
