"""Computes the cluster of a branch, or the clusters of jobs, and who may use them; shows who set each value.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, REPOSITORY_NAME,
SOURCE_BRANCH and the credential of the environment.
Sets: for jobs highConcurrency: true where some job needs the shared cluster, else false.
Changes: writes cluster_config.json and access_control_list.json in GENERATED_DIRECTORY; reads from the workspace. For
jobs these two are of the shared cluster, if some job needs it, and job_clusters.json has those made for a run.
"""
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from steps.lib import agent
from steps.lib.access import access_control
from steps.lib.cluster.config import cluster_config
from steps.lib.cluster.runtime_key import key_for
from steps.lib.cluster.workspace_offer import Offer, fetch_offer, offer_findings
from steps.lib.config.conventions import identity_of
from steps.lib.config.generated_files import ACCESS_FILE, CLUSTER_FILE, JOB_CLUSTERS_FILE, remove, write
from steps.lib.config.product import jobs_config, product_config
from steps.lib.config.provenance import nested, table
from steps.lib.config.team import find_team
from steps.lib.databricks.workspace import Workspace
from steps.lib.errors import InputError
from steps.lib.jobs.job_config import job_configs
from steps.lib.jobs.run_clusters import ClusterFiles
from steps.lib.jobs.wanted_clusters import WantedCluster, WantedClusters, wanted_clusters
from steps.lib.json_files.located_json import Document
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import counted


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    environment: TargetEnvironment
    product: Path
    teams: Path
    generated: Path
    repository: str
    source_branch: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(
            pipeline_type=reader.choice("PIPELINE_TYPE", PipelineType),
            environment=reader.choice("TARGET_ENVIRONMENT", TargetEnvironment),
            product=reader.path("PRODUCT_DIRECTORY"),
            teams=reader.path("TEAMS_DIRECTORY"),
            generated=reader.path("GENERATED_DIRECTORY"),
            repository=reader.text("REPOSITORY_NAME"),
            source_branch=reader.text("SOURCE_BRANCH"),
        )
        reader.check()
        return settings


def grants(product: Document, team: Document, workspace: Workspace) -> list[access_control.Grant]:
    """Everyone who gets a permission on the cluster; an InputError where the product's list breaks the team's rule."""
    place, rule = ("access_control_list",), access_control.level_rule(team)
    findings = access_control.user_findings(product, place, rule)
    if findings:
        raise InputError(findings)
    return access_control.combine([
        *access_control.grants_of(product, place, rule.default),
        *access_control.grants_of(team, ("clusters", "access_control_list")),
        *access_control.grants_of_environment(workspace),
    ])


def of_cluster(settings: Settings, environ: Mapping[str, str]) -> None:
    """One cluster for the branch."""
    identity = identity_of(settings.environment, settings.repository, settings.source_branch)
    product = product_config(settings.product)
    team = find_team(settings.teams, product)
    workspace = team.workspace(settings.environment)
    granted = grants(product, team.document("access_control_list"), workspace)
    offer = fetch_offer(workspace, environ)
    config = cluster_config(product, team.document("cluster_config"), identity, lambda one: key_for(one, offer.keys))
    cluster = WantedCluster("cluster", product, config)
    check([cluster], offer)
    write_cluster(settings.generated, cluster, granted)


def of_jobs(settings: Settings, environ: Mapping[str, str]) -> None:
    """The high-concurrency cluster where some job needs it, the default cluster of a run, and those jobs write."""
    product = product_config(settings.product)
    jobs = job_configs(jobs_config(settings.product), settings.environment)
    team = find_team(settings.teams, product)
    workspace = team.workspace(settings.environment)
    granted = grants(product, team.document("access_control_list"), workspace)
    offer = fetch_offer(workspace, environ)
    files = ClusterFiles(product, team.document("cluster_config"), settings.repository, settings.environment,
                         lambda one: key_for(one, offer.keys))
    clusters = wanted_clusters(files, jobs)
    check(clusters, offer)
    remove(settings.generated, [CLUSTER_FILE, ACCESS_FILE])
    if clusters.shared:
        write_cluster(settings.generated, clusters.shared, granted)
    write_job_clusters(settings.generated, clusters)
    agent.set_output("highConcurrency", str(clusters.shared is not None).lower())


def check(clusters: Iterable[WantedCluster], offer: Offer) -> None:
    """An InputError with everything that is wrong with them, each mistake once."""
    found = {finding for one in clusters for finding in one.findings(partial(offer_findings, offer=offer))}
    if found:
        raise InputError(sorted(found))


def write_cluster(generated: Path, cluster: WantedCluster, granted: Sequence[access_control.Grant]) -> None:
    values = cluster.config.values
    show(cluster.title, table(values))
    show("access", access_control.table(granted))
    write(generated, CLUSTER_FILE, nested(values))
    write(generated, ACCESS_FILE, access_control.request_body(granted))
    agent.info(f"wrote {CLUSTER_FILE} with {counted(len(values), 'value')} and {ACCESS_FILE} with "
               f"{counted(len(granted), 'entry', 'entries')}")


def write_job_clusters(generated: Path, clusters: WantedClusters) -> None:
    of_runs = [one for one in clusters if one is not clusters.shared]
    for cluster in of_runs:
        show(cluster.title, table(cluster.config.values))
    write(generated, JOB_CLUSTERS_FILE, clusters.parts.content)
    agent.info(f"wrote {JOB_CLUSTERS_FILE} with {counted(len(of_runs), 'cluster')}")


WORK = {PipelineType.CLUSTER: of_cluster, PipelineType.JOBS: of_jobs}


def show(title: str, lines: Sequence[str]) -> None:
    with agent.group(f"Who set what: {title}"):
        for line in lines:
            agent.info(line)


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    work_for(settings.pipeline_type, WORK)(settings, environ)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
