"""What a workspace offers to run on: its runtimes and machine types, and what of a cluster it cannot serve."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.cluster import node_types
from steps.lib.cluster.rules import at
from steps.lib.cluster.runtime_key import PHOTON_ENGINE, is_gpu_key
from steps.lib.config.provenance import SetValue, by_path
from steps.lib.databricks.connection import connect
from steps.lib.databricks.workspace import Workspace
from steps.lib.findings import Finding
from steps.lib.json_files.located_json import Document


@dataclass(frozen=True)
class Offer:
    """The keys of the runtimes and the rows of the machine types."""

    keys: frozenset[str]
    nodes: node_types.NodeTypes


def fetch_offer(workspace: Workspace, environ: Mapping[str, str]) -> Offer:
    with connect(workspace, environ) as databricks:
        agent.info("ask the workspace for its runtimes and node types")
        versions = databricks.rows("/api/2.1/clusters/spark-versions", "versions")
        nodes = databricks.rows("/api/2.1/clusters/list-node-types", "node_types")
    return Offer(frozenset(str(row.get("key")) for row in versions), node_types.by_id(nodes))


def offer_findings(product: Document, values: Sequence[SetValue], offer: Offer) -> list[Finding]:
    """Values this workspace cannot serve, each where it was set."""
    known = by_path(values)
    runtime, engine = known.get(("spark_version",)), known.get(("runtime_engine",))
    key = str(runtime.value) if runtime else ""
    findings = []
    if runtime and key not in offer.keys and not key.startswith("custom:"):
        findings.append(at(product, runtime, f"{key!r} is no runtime of this workspace, expected one it lists"))
    photon = engine is not None and engine.value == PHOTON_ENGINE
    for name, role in (("node_type_id", "worker"), ("driver_node_type_id", "driver")):
        item = known.get((name,))
        problem = item and node_types.problem_with(str(item.value), offer.nodes, gpu=is_gpu_key(key),
                                                   photon_role=role if photon else "")
        if item and problem:
            findings.append(at(product, item, problem))
    return findings
