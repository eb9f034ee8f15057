"""Gives the branch its cluster: creates it if absent, edits it only if something differs, and waits until it runs.

In the jobs pipeline it is the high-concurrency cluster, if some job needs it; it is not edited while jobs run on it.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, DRY_RUN, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; cluster_config.json of the generated files; in
    the jobs pipeline RUNS_WAIT_MINUTES, how long runs on the cluster are waited for (30).
Sets: clusterId; deploymentRecord, the path of the record; with DRY_RUN also changes, how many wait.
Changes: one cluster of the workspace, the one with the tags of this environment, repository and branch.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.cluster import clusters
from steps.lib.cluster.active_runs import active_runs, wait_for_runs
from steps.lib.cluster.bring_up import BringUp, Idle
from steps.lib.cluster.cluster_plan import DONE, Action, Plan, choose, plan_for
from steps.lib.cluster.clusters import START_LIMIT_SECONDS, Cluster
from steps.lib.config.generated_files import CLUSTER_FILE, JOB_CLUSTERS_FILE
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.waiting import Waiting
from steps.lib.wording import counted

STEP = "create_or_edit_cluster"
RUNS_WAIT_MINUTES = 30


@dataclass(frozen=True)
class Settings:
    """`runs_wait` in seconds: how long runs on a cluster that has to be edited are waited for."""

    pipeline_type: PipelineType
    deployment: Deployment
    runs_wait: float

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        minutes = reader.optional("RUNS_WAIT_MINUTES") or str(RUNS_WAIT_MINUTES)
        if not (minutes.isascii() and minutes.isdigit()):
            reader.problem(f"environment: RUNS_WAIT_MINUTES: got {minutes!r}, expected a whole number of minutes")
            minutes = "0"
        return cls(reader.choice("PIPELINE_TYPE", PipelineType), Deployment.read(reader), int(minutes) * 60.0)


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    work_for(settings.pipeline_type, WORK)(settings, environ, clock)


def of_branch(settings: Settings, environ: Mapping[str, str], clock: Clock) -> None:
    """People see their pipeline run, so that an edit of their cluster comes as no surprise."""
    with connect(settings.deployment.workspace, environ, clock) as databricks:
        _bring_up(databricks, settings.deployment, clock, None)


def of_jobs(settings: Settings, environ: Mapping[str, str], clock: Clock) -> None:
    """The cluster that jobs share, which run at any time and by other systems' will."""
    deployment = settings.deployment
    if not is_needed(deployment):
        _not_needed(deployment, clock)
        return

    with connect(deployment.workspace, environ, clock) as databricks:
        def idle(cluster: Cluster) -> Waiting | None:
            waited = wait_for_runs(databricks, cluster, Waiting(clock, settings.runs_wait))
            return Waiting(clock, START_LIMIT_SECONDS) if waited else None

        _bring_up(databricks, deployment, clock, idle)


WORK = {PipelineType.CLUSTER: of_branch, PipelineType.JOBS: of_jobs}


def is_needed(deployment: Deployment) -> bool:
    """False only where generate_cluster_config has been here and found no high-concurrency job."""
    return (deployment.generated / CLUSTER_FILE).exists() or not (deployment.generated / JOB_CLUSTERS_FILE).exists()


def _not_needed(deployment: Deployment, clock: Clock) -> None:
    lines = ["unchanged: no job runs on the high-concurrency cluster, so that none is created or edited"]
    deployment.show_plan(lines)
    with deployment.record(clock).entry(STEP, deployment.workspace.host, lines) as entry:
        entry.result = deployment.planned(0) if deployment.dry_run else "unchanged"


def _bring_up(databricks: Databricks, deployment: Deployment, clock: Clock, idle: Idle | None) -> None:
    """`idle` as for `BringUp`; None where nobody is waited for."""
    desired = deployment.generated_file(CLUSTER_FILE)
    tags = clusters.own_tags(desired, deployment.generated_path(CLUSTER_FILE))
    name = str(desired.get("cluster_name", ""))
    with agent.group(f"cluster {name}"):
        plan = plan_for(desired, _present(databricks, tags, name))
        deployment.show_plan(plan.lines)
        with deployment.record(clock).entry(STEP, databricks.host, plan.lines) as entry:
            if deployment.dry_run:
                _set_cluster_id(plan.cluster)
                _show_runs(databricks, plan if idle else None)
                entry.result = deployment.planned(plan.count)
                return
            waiting = Waiting(clock, START_LIMIT_SECONDS)
            cluster = BringUp(databricks, desired, waiting, idle or (lambda _: None)).run(plan.cluster)
            entry.result = "applied" if plan.count else "unchanged"
    _set_cluster_id(cluster)
    done = DONE[plan.action].format(counted(len(plan.changes), "value"))
    wait = f" after {waiting.seconds:.0f} s" if plan.count else ""
    agent.info(f"cluster {cluster.cluster_id} {done}; it is {cluster.state}{wait}")


def _show_runs(databricks: Databricks, plan: Plan | None) -> None:
    """What an edit would have to wait for just now."""
    if plan and plan.cluster and plan.action is Action.EDIT:
        for run in active_runs(databricks, plan.cluster.cluster_id):
            agent.info(f"  waits for {run}")


def _set_cluster_id(cluster: Cluster | None) -> None:
    if cluster is not None:
        agent.set_output("clusterId", cluster.cluster_id)


def _present(databricks: Databricks, tags: Mapping[str, str], name: str) -> Cluster | None:
    chosen = choose(clusters.find(databricks, tags, name), name)
    # The list leaves out `spec`, which tells what the workspace filled in by itself.
    return clusters.read(databricks, chosen.cluster_id) if chosen else None


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
