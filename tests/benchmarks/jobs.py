"""What deploying jobs costs at 50 ms a request: time, requests and memory, with and without the documented limits."""
from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.faults import Fault
from sandbox.http.server import Server
from tests.benchmarks.peak_memory import run_measured

ROOT = Path(__file__).parents[2]
STEPS = ("create_or_edit_jobs", "set_job_permissions")
COUNTS = (1, 10, 100, 1_000)
FOREIGN = 10_000
LATENCY = 0.05
TEAM = "data_science"


@dataclass(frozen=True)
class Cost:
    """`throttled` counts answers 429; `megabytes` is the peak of the larger process."""

    seconds: float
    requests: int
    writes: int
    throttled: int
    megabytes: float

    def __str__(self) -> str:
        return (f"{self.seconds:6.2f} s {self.requests:6,} requests {self.writes:6,} writes {self.throttled:3} x 429 "
                f"{self.megabytes:6.1f} MB")


class JobsSite:
    """A product in dev whose two steps run as an agent runs them, each in a process of its own."""

    def __init__(self, workspace: Workspace, host: str, folder: Path, principal: str) -> None:
        self.workspace = workspace
        self.folder = folder
        self.environ = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONUTF8": "1",
            "TARGET_ENVIRONMENT": "dev", "PRODUCT_DIRECTORY": str(folder / "product"),
            "TEAMS_DIRECTORY": str(folder / "teams"), "GENERATED_DIRECTORY": str(folder / "generated"),
            "REPOSITORY_NAME": "churn", "RUN_ID": "1", "SOURCE_COMMIT": "0" * 40,
            "DATABRICKS_TOKEN": workspace.token,
        }
        row = {"host": host, "service_principals": [{"application_id": principal, "permission_level": "CAN_MANAGE"}]}
        cluster = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
        self._write("product/cluster_and_libraries_config.json", {"workspace_name": TEAM})
        self._write(f"teams/{TEAM}/workspaces.json", {"dev": row})
        self._write("generated/job_clusters.json", {"default": cluster, "jobs": {}})
        self._write("generated/job_libraries.json", {"default": [{"pypi": {"package": "pandas==2.2.3"}}], "jobs": {}})
        for name in ("jobs_config", "access_control_list"):
            self._write(f"teams/{TEAM}/{name}.json", shipped(name))

    def want(self, count: int, *, timeout: int = 3600) -> None:
        """`count` jobs; `timeout` in seconds is that of the last one."""
        rows: list[dict[str, Any]] = [
            {"notebook": f"notebooks/n{number:04}.py", "cluster_type": "jobs", "new_cluster": "default",
             "libraries": "default", "timeout_seconds": 3600} for number in range(count)]
        rows[-1]["timeout_seconds"] = timeout
        self._write("product/jobs_config.json", {"jobs": rows})

    def deploy(self) -> Cost:
        self.workspace.log.clear()
        started = time.perf_counter()
        megabytes = max(run_measured(f"steps.{step}", cwd=ROOT, env=self.environ) for step in STEPS)
        seconds, entries = time.perf_counter() - started, self.workspace.log.entries()
        return Cost(seconds, len(entries), len(self.workspace.log.writes()),
                    sum(entry.status == 429 for entry in entries), megabytes)

    def _write(self, name: str, data: object) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, indent=1), "utf-8")


def shipped(name: str) -> dict[str, Any]:
    """A file of the team as the library brings it."""
    data: dict[str, Any] = json.loads((ROOT / f"teams/{TEAM}/{name}.json").read_text("utf-8"))
    return data


@contextmanager
def open_jobs_site(*, foreign: int = 0, limited: bool = False) -> Iterator[JobsSite]:
    principal = "aaaaaaaa-0000-0000-0000-000000000002"
    workspace = Workspace("dev", tenant=Tenant())
    workspace.add_service_principal(principal)
    for group in shipped("access_control_list")["jobs"]["access_control_list"]:
        workspace.add_group(group["group_name"])
    if foreign:
        add_foreign_jobs(workspace.state, foreign)
    if limited:
        workspace.rate_limits.set()
    workspace.faults.add(Fault("*", when="late", delay=LATENCY, times=None))
    with tempfile.TemporaryDirectory() as place, Server(workspace.application) as server:
        yield JobsSite(workspace, server.url, Path(place), principal)


def figures() -> list[str]:
    lines = [f"jobs with one access list each, {LATENCY * 1000:.0f} ms a request, both steps as processes"]
    for foreign, limited in ((0, False), (FOREIGN, False), (0, True)):
        lines.append(f"  {foreign:,} foreign jobs, the documented limits {'on' if limited else 'off'}")
        for count in COUNTS:
            lines += _of(count, foreign=foreign, limited=limited)
    return lines


def _of(count: int, *, foreign: int, limited: bool) -> Sequence[str]:
    with open_jobs_site(foreign=foreign, limited=limited) as site:
        site.want(count)
        costs = {"first": site.deploy(), "unchanged": site.deploy()}
        site.want(count, timeout=60)
        costs["one change"] = site.deploy()
    return [f"    {count:5,} jobs {name:<11}{cost}" for name, cost in costs.items()]


if __name__ == "__main__":
    print(*figures(), sep="\n")
