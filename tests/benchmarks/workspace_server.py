"""A workspace in a process of its own, for benchmarks: `python -m tests.benchmarks.workspace_server FOLDER COUNT`.

Adds clusters and jobs until there are COUNT of each, prints one line of JSON once it serves, and ends when its standard
input does.
"""
from __future__ import annotations

import json
import sys
from pathlib import Path

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server
from tests.benchmarks.peak_memory import peak_of


def main(folder: str, count: str) -> None:
    workspace = Workspace("bench", tenant=Tenant(), folder=Path(folder))
    state, wanted = workspace.state, int(count)
    with state.lock:
        state.jobs.quota = state.jobs.quota_per_hour = max(wanted, state.jobs.quota)
        clusters, jobs = wanted - len(state.clusters), wanted - len(state.jobs)
    if clusters > 0:
        workspace.add_foreign_clusters(clusters)
    if jobs > 0:
        add_foreign_jobs(state, jobs)
    with Server(workspace.application) as server:
        print(json.dumps({"url": server.url, "token": workspace.token, "clusters": list(state.clusters)[:1000],
                          "megabytes": peak_of()}), flush=True)
        sys.stdin.read()
    workspace.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
