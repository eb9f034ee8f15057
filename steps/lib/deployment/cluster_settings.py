"""What the steps are told that work on the cluster an earlier step made."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from steps.lib.deployment.deployment import Deployment
from steps.lib.settings import Reader


@dataclass(frozen=True)
class ClusterSettings:
    """`cluster_id` is None only in a dry run, before the cluster exists."""

    deployment: Deployment
    cluster_id: str | None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> ClusterSettings:
        reader = Reader(environ)
        cluster_id = reader.optional("CLUSTER_ID") if reader.flag("DRY_RUN") else reader.text("CLUSTER_ID")
        return cls(Deployment.read(reader), cluster_id)
