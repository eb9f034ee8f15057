"""Makes a cluster what it should be, and running: created once, edited once, started once, whatever comes between."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from steps.lib import agent
from steps.lib.cluster import clusters
from steps.lib.cluster.clusters import Cluster
from steps.lib.cluster.difference import Change, differences
from steps.lib.cluster.termination import start_failed
from steps.lib.config.product import CLUSTER_FILE
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import BadRequest, DatabricksError, InvalidState, ResourceDoesNotExist
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.waiting import Waiting

Idle: TypeAlias = "Callable[[Cluster], Waiting | None]"

CREATE, EDIT, START = (f"/api/2.1/clusters/{verb}" for verb in ("create", "edit", "start"))


class BringUp:
    """One cluster on its way to `desired`, a body for clusters/create, within the time that `waiting` leaves.

    `idle` is asked before a running cluster is edited, which restarts it: it waits until nobody needs the cluster, and
    gives a new `waiting` where that took time, None where it was so at once.
    """

    def __init__(self, databricks: Databricks, desired: Mapping[str, object], waiting: Waiting,
                 idle: Idle = lambda _: None) -> None:
        self._databricks = databricks
        self._desired = desired
        self._waiting = waiting
        self._idle = idle
        self._edited = False
        self._launched = False

    def run(self, present: Cluster | None) -> Cluster:
        """The cluster, running; a ServiceError says why it did not start."""
        cluster = present or self._create()
        while True:
            changes = differences(self._desired, cluster.body)
            if cluster.is_usable and (self._edited or not changes):
                _warn(cluster, changes, self._desired)
                return cluster
            if cluster.is_changing:
                cluster = clusters.settle(self._databricks, cluster, self._waiting)
            else:
                self._act(cluster, changes)
                cluster = clusters.read(self._databricks, cluster.cluster_id)

    def _act(self, cluster: Cluster, changes: Sequence[Change]) -> None:
        """The one call that brings a cluster at rest nearer: an edit if it differs, else a start."""
        if not cluster.is_usable and (self._launched or cluster.state != "TERMINATED"):
            raise start_failed(cluster)
        try:
            if changes and not self._edited:
                self._edit_when_idle(cluster)
            else:
                self._start(cluster)
        except InvalidState:
            # Somebody else acted between our look and our call: look again.
            if not self._waiting.pause():
                raise

    def _create(self) -> Cluster:
        tags = clusters.own_tags(self._desired, "cluster_config.json")
        agent.info(f"create cluster {self._desired['cluster_name']!r} in {self._databricks.host}")
        body = {**self._desired, "idempotency_token": clusters.idempotency_token(tags)}
        try:
            cluster_id = str(self._databricks.post(CREATE, body, repeatable=True)["cluster_id"])
        except (BadRequest, ResourceDoesNotExist) as error:
            raise _refused(error) from error
        self._launched = True
        cluster = clusters.read_new(self._databricks, cluster_id, self._waiting)
        if not cluster.has_tags(tags):
            message = (f"cluster {cluster.name!r} ({cluster_id}): was made for this branch and has other tags now, "
                       f"expected {tags}; give them back to it, or delete it")
            raise InputError([message])
        return cluster

    def _edit_when_idle(self, cluster: Cluster) -> None:
        """After a wait the cluster may be another one than was seen: then nothing is done but to look again."""
        fresh = self._idle(cluster) if cluster.is_usable else None
        if fresh is None:
            self._edit(cluster)
        else:
            self._waiting = fresh

    def _edit(self, cluster: Cluster) -> None:
        agent.info(f"edit cluster {cluster.cluster_id} ({'restarts it' if cluster.is_usable else 'it is stopped'})")
        try:
            self._databricks.post(EDIT, {**self._desired, "cluster_id": cluster.cluster_id}, repeatable=True)
        except BadRequest as error:
            raise _refused(error) from error
        self._edited = True
        self._launched = cluster.is_usable

    def _start(self, cluster: Cluster) -> None:
        agent.info(f"start cluster {cluster.cluster_id}")
        self._databricks.post(START, {"cluster_id": cluster.cluster_id}, repeatable=True)
        self._launched = True


def _refused(error: DatabricksError) -> InputError:
    problem = f"the workspace refused it: {error.message!r}"
    return InputError([Finding(CLUSTER_FILE, path="cluster_parameters", problem=problem)])


def _warn(cluster: Cluster, changes: Sequence[Change], desired: Mapping[str, object]) -> None:
    for change in changes:
        agent.warning(f"the workspace did not take {change}; each further run will edit, and so restart, this cluster "
                      f"until {CLUSTER_FILE} or the team's cluster_config.json asks for what it takes")
    if cluster.body.get("data_security_mode") == "SINGLE_USER" and "single_user_name" not in desired:
        agent.warning(f"only {cluster.body.get('single_user_name')!r}, who made the cluster, can run code on it; set "
                      f"'single_user_name' in {CLUSTER_FILE} to the person or group that shall")
