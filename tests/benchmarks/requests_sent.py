"""What is sent to the workspace: by a first run, an unchanged and a changed one, and to find one cluster of 2,001."""
from __future__ import annotations

import json
import time
from collections import Counter

from sandbox.databricks.workspace import Workspace
from tests.benchmarks.site import Site

FOREIGN = 2_000


def of_runs(site: Site) -> list[str]:
    lines = ["requests to the workspace by one run of the cluster pipeline's steps"]
    for name, prepare in (("first run", None), ("unchanged run", None), ("changed run", _change)):
        if prepare:
            prepare(site)
        site.workspace.log.clear()
        site.run_pipeline()
        lines.append(f"  {name:<16}{_counted(site.workspace)}")
    return lines


def of_search(site: Site) -> list[str]:
    site.workspace.add_foreign_clusters(FOREIGN)
    site.workspace.log.clear()
    started = time.perf_counter()
    site.run("create_or_edit_cluster")
    seconds = time.perf_counter() - started
    asked = Counter(entry.path for entry in site.workspace.log.entries())
    lists = asked["/api/2.1/clusters/list"]
    return [f"finding our cluster among {FOREIGN:,} foreign ones, the whole step create_or_edit_cluster",
            f"  {lists} list requests of {sum(asked.values())} in all, {seconds * 1000:.0f} ms"]


def _change(site: Site) -> None:
    file = site.folder / "churn/cluster_and_libraries_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    config["cluster_parameters"]["autoscale"] = {"min_workers": 1, "max_workers": 7}
    config["libraries"] = {"pypi": ["xgboost==2.1.3"]}
    config["access_control_list"] = ["anna@example.com", "ben@example.com"]
    file.write_text(json.dumps(config), encoding="utf-8")


def _counted(workspace: Workspace) -> str:
    entries = workspace.log.entries()
    writes = workspace.log.writes()
    sent = ", ".join(f"{count} x {call}" for call, count in Counter(f"{w.method} {w.path}" for w in writes).items())
    return f"{len(entries):3d} requests, {len(writes)} writes{': ' if sent else ''}{sent}"
