"""Gives the branch its cluster: creates it if absent, edits it only if something differs, and waits until it runs.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, DRY_RUN, RUN_ID,
    SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; cluster_config.json of the generated files.
Sets: clusterId; deploymentRecord, the path of the record; with DRY_RUN also changes, how many wait.
Changes: one cluster of the workspace, the one with the tags of this environment, repository and branch.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.cluster import clusters
from steps.lib.cluster.bring_up import BringUp
from steps.lib.cluster.clusters import START_LIMIT_SECONDS, Cluster, Found
from steps.lib.cluster.difference import Change, differences
from steps.lib.config.conventions import IDENTITY_TAGS
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.errors import InputError
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.waiting import Waiting
from steps.lib.wording import counted

STEP = "create_or_edit_cluster"


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    deployment: Deployment

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        return cls(reader.choice("PIPELINE_TYPE", PipelineType), Deployment.read(reader))


class Action(str, Enum):
    CREATE = "create"
    EDIT = "edit"
    EDIT_AND_START = "edit and start"
    START = "start"
    UNCHANGED = "unchanged"


DONE = {
    Action.CREATE: "created with {}", Action.EDIT: "edited, {} changed",
    Action.EDIT_AND_START: "edited, {} changed, and started", Action.START: "started", Action.UNCHANGED: "unchanged",
}


@dataclass(frozen=True)
class Plan:
    """`cluster` is None where it has to be created; then each change goes from nothing to a value."""

    action: Action
    name: str
    cluster: Cluster | None
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        """Calls that change something: an edit does not start a stopped cluster, so that makes two."""
        return {Action.UNCHANGED: 0, Action.EDIT_AND_START: 2}.get(self.action, 1)

    @property
    def lines(self) -> list[str]:
        if self.cluster is None:
            return [f"create: cluster {self.name!r}", *(f"  {change.path}: {change.new}" for change in self.changes)]
        return [f"{self.action.value}: cluster {self.name!r} ({self.cluster.cluster_id}, {self.cluster.state})",
                *(f"  {change}" for change in self.changes)]


def choose(found: Found, name: str) -> Cluster | None:
    """The cluster to work on; None where one has to be created. More than one, or one of our name only, is an error."""
    if len(found.ours) > 1:
        ids = ", ".join(f"{cluster.cluster_id} ({cluster.name!r}, {cluster.state})" for cluster in found.ours)
        message = (f"cluster {name!r}: {len(found.ours)} clusters carry the tags of this branch, expected one: {ids}; "
                   "delete those that are copies, or remove the tag managed_by from them")
        raise InputError([message])
    if found.namesakes and not found.ours:
        ids = ", ".join(cluster.cluster_id for cluster in found.namesakes)
        message = (f"cluster {name!r}: the workspace has a cluster of this name that has not the tags of this branch, "
                   f"expected none; {ids} is left alone: if it is this branch's, give it back the tags "
                   f"{', '.join(IDENTITY_TAGS)}, else let its owner rename or delete it, or rename the branch")
        raise InputError([message])
    return found.ours[0] if found.ours else None


def plan_for(desired: Mapping[str, object], present: Cluster | None) -> Plan:
    """What has to be done so that a running cluster is as `desired`, a body for clusters/create."""
    changes = tuple(differences(desired, present.body if present else {}))
    comes_up = present is not None and (present.is_usable or present.state in ("PENDING", "RESTARTING"))
    if present is None:
        action = Action.CREATE
    elif changes:
        action = Action.EDIT if comes_up else Action.EDIT_AND_START
    else:
        action = Action.UNCHANGED if comes_up else Action.START
    return Plan(action, str(desired.get("cluster_name", "")), present, changes)


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    work = work_for(settings.pipeline_type, {PipelineType.CLUSTER: _branch_cluster})
    work(settings.deployment, environ, clock)


def _branch_cluster(deployment: Deployment, environ: Mapping[str, str], clock: Clock) -> None:
    desired = deployment.generated_file("cluster_config.json")
    tags = clusters.own_tags(desired, deployment.generated_path("cluster_config.json"))
    name = str(desired.get("cluster_name", ""))
    with connect(deployment.workspace, environ, clock) as databricks, agent.group(f"cluster {name}"):
        plan = plan_for(desired, _present(databricks, tags, name))
        deployment.show_plan(plan.lines)
        with deployment.record(clock).entry(STEP, databricks.host, plan.lines) as entry:
            if deployment.dry_run:
                _set_cluster_id(plan.cluster)
                entry.result = deployment.planned(plan.count)
                return
            waiting = Waiting(clock, START_LIMIT_SECONDS)
            cluster = BringUp(databricks, desired, waiting).run(plan.cluster)
            entry.result = "applied" if plan.count else "unchanged"
    _set_cluster_id(cluster)
    done = DONE[plan.action].format(counted(len(plan.changes), "value"))
    wait = f" after {waiting.seconds:.0f} s" if plan.count else ""
    agent.info(f"cluster {cluster.cluster_id} {done}; it is {cluster.state}{wait}")


def _set_cluster_id(cluster: Cluster | None) -> None:
    if cluster is not None:
        agent.set_output("clusterId", cluster.cluster_id)


def _present(databricks: Databricks, tags: Mapping[str, str], name: str) -> Cluster | None:
    chosen = choose(clusters.find(databricks, tags, name), name)
    # The list leaves out `spec`, which tells what the workspace filled in by itself.
    return clusters.read(databricks, chosen.cluster_id) if chosen else None


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
