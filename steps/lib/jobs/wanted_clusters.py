"""Which clusters the jobs of a product ask for in one environment, and what is wrong with each."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from steps.lib.cluster.config import ClusterConfig
from steps.lib.cluster.rules import contradictions, gaps
from steps.lib.config.generated_files import JOB_CLUSTERS_FILE
from steps.lib.config.provenance import SetValue, by_path, nested
from steps.lib.findings import Finding
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.parts import Parts
from steps.lib.jobs.run_clusters import (
    ClusterFiles,
    default_cluster,
    has_default_cluster,
    has_own_cluster,
    own_cluster,
    own_parameters,
)
from steps.lib.jobs.shared_cluster import shared_cluster
from steps.lib.json_files.located_json import Document

MoreFindings = Callable[[Document, Sequence[SetValue]], list[Finding]]


@dataclass(frozen=True)
class WantedCluster:
    """`parameters` is where people write its values: the product's cluster file, or a job in that shape."""

    title: str
    parameters: Document
    config: ClusterConfig

    @property
    def runtime_key(self) -> str:
        """Empty where it is not known."""
        runtime = by_path(self.config.values).get(("spark_version",))
        return str(runtime.value) if runtime else ""

    def findings(self, more: MoreFindings = lambda *_: []) -> list[Finding]:
        """What is wrong with it; `more` tells what a workspace adds to that."""
        values = self.config.values
        found = [*self.config.findings, *contradictions(self.parameters, values), *more(self.parameters, values)]
        # What seems to be missing may just have been refused.
        return found or gaps(self.parameters, values)


@dataclass(frozen=True)
class WantedClusters:
    """`shared` is None where no job is of type high_concurrency, `default` where none says so; `own` by job name."""

    shared: WantedCluster | None = None
    default: WantedCluster | None = None
    own: Mapping[str, WantedCluster] = field(default_factory=dict)

    def __iter__(self) -> Iterator[WantedCluster]:
        yield from (one for one in (self.shared, self.default, *self.own.values()) if one)

    @property
    def parts(self) -> Parts:
        """What the jobs get of them; the shared one is made before, and has an id."""
        own = {name: nested(one.config.values) for name, one in self.own.items()}
        return Parts(JOB_CLUSTERS_FILE, nested(self.default.config.values) if self.default else None, own)


def wanted_clusters(files: ClusterFiles, jobs: Sequence[JobConfig]) -> WantedClusters:
    shared = default = None
    if any(job.is_high_concurrency for job in jobs):
        shared = WantedCluster("high-concurrency cluster", files.product, shared_cluster(files))
    if any(map(has_default_cluster, jobs)):
        default = WantedCluster("default cluster of jobs", files.product, default_cluster(files))
    own = {job.name_for(files.repository): _own(files, job) for job in jobs if has_own_cluster(job)}
    return WantedClusters(shared, default, own)


def _own(files: ClusterFiles, job: JobConfig) -> WantedCluster:
    return WantedCluster(f"cluster of {job.title}", own_parameters(job), own_cluster(files, job))
