"""The checks of `jobs_config.json`: each job by itself, in every environment it differs in, and by the team's files."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib.cluster.rules import contradictions
from steps.lib.cluster.runtime_key import Runtime, bundled_keys, key_offline
from steps.lib.findings import Finding
from steps.lib.jobs.databricks_job import databricks_job
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.jobs.job_libraries import LibraryFiles
from steps.lib.jobs.job_rules import cluster_findings, in_every_environment, job_findings, name_findings
from steps.lib.jobs.run_clusters import ClusterFiles
from steps.lib.jobs.shared_cluster import language_findings
from steps.lib.jobs.wanted_clusters import WantedClusters, wanted_clusters
from steps.lib.json_files.json_path import show_path
from steps.lib.json_files.located_json import Document
from steps.lib.libraries.rules import runtime_findings
from steps.lib.target_environment import TargetEnvironment
from steps.lib.validation.schema_check import Checked


@dataclass(frozen=True)
class Place:
    """Where the jobs go, and `product`, the checkout they come from."""

    environment: TargetEnvironment
    repository: str
    product: Path


@dataclass(frozen=True)
class CommonFiles:
    """The product's cluster file and the team's templates; None for one that is not there or is wrong."""

    product: Document | None
    cluster_template: Document | None
    libraries: Document | None
    job_template: Document | None


def offline_key(wanted: Runtime) -> str:
    """The runtime key by the list that serves where no workspace can be asked."""
    return key_offline(wanted, bundled_keys())


def jobs_findings(checked: Checked, place: Place, files: CommonFiles) -> list[Finding]:
    """Everything that is wrong with the jobs. A job the schema refuses is judged only by what is left of it."""
    jobs = in_every_environment(checked.sound, place.environment)
    sound = [job for job in jobs if _is_sound(job, checked)]
    findings = [finding for job in jobs for finding in job_findings(job, place.product)]
    findings += [finding for job in sound for finding in cluster_findings(job)]
    findings += name_findings([job for job in sound if job.environment is place.environment], place.repository)
    findings += _lock_findings(jobs, place, files)
    for environment in {job.environment for job in sound}:
        findings += _by_common_files([job for job in sound if job.environment is environment], place, files)
    return findings


def _is_sound(job: JobConfig, checked: Checked) -> bool:
    place = show_path(job.view.written_at(()))
    return not any(one.path == place or one.path.startswith((f"{place}.", f"{place}[")) for one in checked.findings)


def _lock_findings(jobs: Sequence[JobConfig], place: Place, files: CommonFiles) -> Iterator[Finding]:
    if files.job_template is None:
        return
    for job in jobs:
        deployment = JobDeployment(job.environment, place.repository, folder="", template=files.job_template)
        yield from databricks_job(job, deployment).findings


def _by_common_files(jobs: Sequence[JobConfig], place: Place, files: CommonFiles) -> Iterator[Finding]:
    if files.product is None or files.cluster_template is None:
        return
    clusters = wanted_clusters(ClusterFiles(files.product, files.cluster_template, place.repository,
                                            jobs[0].environment, offline_key), jobs)
    if clusters.shared:
        # Without what may just have been written wrongly in the product's file, which is judged by itself.
        config = clusters.shared.config
        yield from (*config.findings, *contradictions(files.product, config.values))
        yield from (finding for job in jobs for finding in language_findings(job, clusters.shared.runtime_key))
    for cluster in clusters.own.values():
        yield from cluster.findings()
    if files.libraries is not None:
        yield from _library_findings(jobs, place, LibraryFiles(files.product, files.libraries), clusters)


def _library_findings(
        jobs: Sequence[JobConfig], place: Place, files: LibraryFiles, clusters: WantedClusters) -> Iterator[Finding]:
    for job in jobs:
        own = clusters.own.get(job.name_for(place.repository))
        cluster = own or clusters.default
        if cluster is not None and not job.is_high_concurrency:
            libraries = files.of(job)
            yield from (*libraries.findings, *runtime_findings(libraries, cluster.runtime_key))
