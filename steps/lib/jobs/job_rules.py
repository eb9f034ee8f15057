"""What is wrong with the jobs of a product, told without any team file and without the network."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from steps.lib.findings import Finding
from steps.lib.jobs.job_config import TOP, JobConfig, job_config
from steps.lib.jobs.parameter_rules import parameter_findings
from steps.lib.jobs.repository_files import file_findings
from steps.lib.jobs.schedule_rules import schedule_findings
from steps.lib.jobs.task_rules import task_findings
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import got


def in_every_environment(document: Document, environment: TargetEnvironment) -> list[JobConfig]:
    """Each job as it is in `environment`, and as it is in every other that it has differences for.

    A mistake that waits in prod is better told before the deployment to dev.
    """
    return [job_config(document, index, one) for index, job in enumerate(document.list((TOP,)))
            if isinstance(job, dict) for one in TargetEnvironment if one is environment or _differs(job, one)]


def job_findings(job: JobConfig, repository: Path) -> list[Finding]:
    """Mistakes inside the fields of `job`; `repository` is the checkout of the product."""
    return [*schedule_findings(job), *task_findings(job), *parameter_findings(job), *file_findings(job, repository)]


def name_findings(jobs: Sequence[JobConfig], repository: str) -> list[Finding]:
    """Jobs of one environment that would have the same name in Databricks, and jobs that would have none at all."""
    first: dict[str, JobConfig] = {}
    findings = []
    for job in jobs:
        same = first.setdefault(job.name_for(repository), job)
        if not job.title:
            findings.append(job.view.finding((), "'name' is missing, expected one for a job of tasks; add it"))
        elif same is not job:
            problem = f"has the name {got(job.name_for(repository))} of the job in line {same.view.line(())}"
            findings.append(job.view.finding((), f"{problem}, expected one of its own; give it another 'name'"))
    return findings


def _differs(job: dict[str, Json], environment: TargetEnvironment) -> bool:
    differences = job.get("environments")
    return isinstance(differences, dict) and environment.value in differences


def cluster_findings(job: JobConfig) -> Iterator[Finding]:
    """Whether cluster and libraries go with the type of cluster."""
    for key, words in (("new_cluster", "'default' or a cluster"), ("libraries", "'default', 'none' or libraries")):
        value = job.view.get((key,))
        if job.is_high_concurrency and value is not None:
            problem = f"got {got(value)} for a job on the high-concurrency cluster, expected null"
            yield job.view.finding((key,), f"{problem}; the values of cluster_and_libraries_config.json count there")
        if not job.is_high_concurrency and value is None:
            yield job.view.finding((key,), f"got null for a job with a cluster of its own, expected {words}")
    if job.view.get(("new_cluster", "autotermination_minutes")) is not None:
        place = ("new_cluster", "autotermination_minutes")
        yield job.view.finding(place, "the cluster of a job ends with its run, expected no such field; remove it")
