"""Our cluster among all others: found by its tags, read, and watched until it is up or has failed."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib import agent
from steps.lib.config.conventions import IDENTITY_TAGS
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import ResourceDoesNotExist
from steps.lib.errors import InputError, ServiceError
from steps.lib.waiting import Waiting

LIST = "/api/2.1/clusters/list"
GET = "/api/2.1/clusters/get"
PAGE_SIZE = 100
START_LIMIT_SECONDS = 20 * 60.0
# How long a cluster that was just created may be missing from clusters/get.
VISIBLE_LIMIT_SECONDS = 60.0
_PROGRESS_SECONDS = 30.0
_CHANGING = ("PENDING", "RESTARTING", "RESIZING", "TERMINATING")


@dataclass(frozen=True)
class Cluster:
    """One cluster as the workspace describes it. `body` is its whole answer."""

    body: Mapping[str, Any]

    @property
    def cluster_id(self) -> str:
        return str(self.body["cluster_id"])

    @property
    def name(self) -> str:
        return str(self.body.get("cluster_name", ""))

    @property
    def state(self) -> str:
        return str(self.body.get("state", "UNKNOWN"))

    @property
    def is_usable(self) -> bool:
        return self.state in ("RUNNING", "RESIZING")

    @property
    def is_changing(self) -> bool:
        return self.state in _CHANGING

    def has_tags(self, tags: Mapping[str, str]) -> bool:
        own = self.body.get("custom_tags") or {}
        return all(own.get(key) == value for key, value in tags.items())


@dataclass(frozen=True)
class Found:
    """`ours` carry our tags; `namesakes` have our cluster's name and other tags, and are never touched."""

    ours: tuple[Cluster, ...]
    namesakes: tuple[Cluster, ...]


def own_tags(config: Mapping[str, object], file: str) -> dict[str, str]:
    """The tags by which the cluster of a generated configuration is found again; `file` is where it was read."""
    tags = config.get("custom_tags")
    own = {key: tags[key] for key in IDENTITY_TAGS if tags.get(key)} if isinstance(tags, Mapping) else {}
    if len(own) < len(IDENTITY_TAGS):
        message = (f"{file}: custom_tags: got {sorted(own)}, expected {sorted(IDENTITY_TAGS)}; "
                   "run generate_cluster_config before this step")
        raise InputError([message])
    return own


def idempotency_token(tags: Mapping[str, str]) -> str:
    """64 characters, the most that clusters/create takes: while a cluster made with it lives, no second is made."""
    text = "\0".join(tags[key] for key in IDENTITY_TAGS)
    return hashlib.sha256(text.encode()).hexdigest()


def find(databricks: Databricks, tags: Mapping[str, str], name: str) -> Found:
    """Ours and those that bear our name, from one walk over the list: one request per 100 clusters."""
    agent.info("look for the cluster of this branch among those of the workspace")
    sources = {"page_size": PAGE_SIZE, "filter_by.cluster_sources": ("UI", "API")}
    return sort_out((Cluster(row) for row in databricks.pages(LIST, "clusters", sources)), tags, name)


def sort_out(clusters: Iterable[Cluster], tags: Mapping[str, str], name: str) -> Found:
    ours, namesakes = [], []
    for cluster in clusters:
        if cluster.has_tags(tags):
            ours.append(cluster)
        elif cluster.name == name:
            namesakes.append(cluster)
    return Found(tuple(ours), tuple(namesakes))


def read(databricks: Databricks, cluster_id: str) -> Cluster:
    return Cluster(databricks.get(GET, {"cluster_id": cluster_id}))


def read_new(databricks: Databricks, cluster_id: str, waiting: Waiting) -> Cluster:
    """A cluster that was just created: the workspace may not know it for a moment."""
    while True:
        try:
            return read(databricks, cluster_id)
        except ResourceDoesNotExist:
            if waiting.seconds > VISIBLE_LIMIT_SECONDS or not waiting.pause():
                raise


def settle(databricks: Databricks, cluster: Cluster, waiting: Waiting) -> Cluster:
    """`cluster` once it is neither starting nor stopping nor changing; every new state is shown with its seconds."""
    shown, shown_at = "", 0.0
    while cluster.is_changing:
        if cluster.state != shown or waiting.seconds - shown_at >= _PROGRESS_SECONDS:
            shown, shown_at = cluster.state, waiting.seconds
            agent.info(f"  {shown_at:5.0f} s  {cluster.state}  {cluster.body.get('state_message', '')}".rstrip())
        if not waiting.pause():
            message = (f"cluster {cluster.name!r} ({cluster.cluster_id}): still {cluster.state} after "
                       f"{waiting.limit:.0f} s, expected RUNNING; look at its event log in the workspace")
            raise ServiceError(message)
        cluster = read(databricks, cluster.cluster_id)
    return cluster
