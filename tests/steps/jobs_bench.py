"""A bench with jobs on it: a product in dev, what was generated for its jobs, and the groups its team names."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.jobs.job import Job
from sandbox.databricks.permissions.access import JOBS
from steps.lib.config.generated_files import JOB_CLUSTERS_FILE, JOB_LIBRARIES_FILE
from steps.lib.jobs.deployed.deployed_jobs import DEPLOYED_JOBS_FILE
from tests.steps.bench import TEAM, Bench

CREATE = "POST /api/2.2/jobs/create"
RESET = "POST /api/2.2/jobs/reset"
LIST = "GET /api/2.2/jobs/list"
ME = "GET /api/2.0/preview/scim/v2/Me"
GROUP = "data-science-leads"
CLUSTER: dict[str, Any] = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2",
                           "autoscale": {"min_workers": 1, "max_workers": 4}}
LIBRARIES = [{"pypi": {"package": "pandas==2.2.3"}}]
TEMPLATE = {**dict.fromkeys(("name", "tags", "tasks", "parameters", "schedule", "max_concurrent_runs",
                             "timeout_seconds", "email_notifications", "run_as")),
            "queue": {"enabled": True}, "edit_mode": "UI_LOCKED"}


def entry(notebook: str = "train", **fields: Any) -> dict[str, Any]:
    """A job of jobs_config.json on a cluster of each run."""
    return {"notebook": f"notebooks/{notebook}.py", "cluster_type": "jobs", "new_cluster": "default",
            "libraries": "default", **fields}


def entries(count: int) -> list[dict[str, Any]]:
    return [entry(f"step{number:04}") for number in range(1, count + 1)]


@dataclass
class JobsBench:
    bench: Bench

    @classmethod
    def of(cls, bench: Bench) -> JobsBench:
        bench.environ |= {"TARGET_ENVIRONMENT": "dev", "REPOSITORY_NAME": "churn", "PIPELINE_TYPE": "jobs"}
        jobs = cls(bench)
        rows = jobs.read_team("workspaces")
        bench.write_config(f"teams/{TEAM}/workspaces.json", {**rows, "dev": rows["local"]})
        bench.write_config(f"teams/{TEAM}/jobs_config.json", TEMPLATE)
        jobs.allow({"group_name": GROUP, "permission_level": "CAN_VIEW"})
        bench.workspace.add_group(GROUP)
        bench.write(JOB_CLUSTERS_FILE, {"default": CLUSTER, "jobs": {}})
        bench.write(JOB_LIBRARIES_FILE, {"default": LIBRARIES, "jobs": {}})
        return jobs

    def read_team(self, name: str) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.bench.folder / f"teams/{TEAM}/{name}.json").read_text("utf-8"))
        return data

    def allow(self, *rows: dict[str, str]) -> None:
        """What the team grants on every job."""
        self.bench.write_config(f"teams/{TEAM}/access_control_list.json", {"jobs": {"access_control_list": rows}})

    def want(self, *jobs: dict[str, Any]) -> None:
        self.bench.write_config("product/jobs_config.json", {"jobs": jobs})

    def all(self) -> list[Job]:
        """Every job of the workspace, oldest first."""
        store = self.bench.workspace.state.jobs
        return [job for job in map(store.find, store.ids()) if job]

    def only(self) -> Job:
        (job,) = self.all()
        return job

    def runs_as(self, job: Job) -> str:
        """The name of whom it was asked to run as, empty for nobody."""
        principal = self.bench.workspace.state.directory.by_id(job.run_as)
        return principal.name if principal else ""

    def by_hand(self, call: str, body: object) -> dict[str, Any]:
        return self.bench.by_hand(f"/api/2.2/jobs/{call}", body)

    def access(self, job: Job) -> dict[str, str]:
        """The level of everyone with a direct entry, by name."""
        rows = self.bench.workspace.state.access.as_json(JOBS, str(job.job_id))["access_control_list"]
        return {next(iter(row.values())): permission["permission_level"] for row in rows
                for permission in row["all_permissions"] if not permission["inherited"]}

    def deployed(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads((self.bench.generated / DEPLOYED_JOBS_FILE).read_text())["jobs"]
        return rows
