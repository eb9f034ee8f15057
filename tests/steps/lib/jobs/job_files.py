"""Jobs as the steps read them, written in a test as plain data, and a checkout with what they name."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from steps.lib.jobs.databricks_job import DatabricksJob, databricks_job
from steps.lib.jobs.job_config import JobConfig, job_config
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.jobs.parts import Parts
from steps.lib.json_files.located_json import Document
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import document, team_file

FILE = "jobs_config.json"
TEMPLATE: dict[str, Any] = dict.fromkeys((
    "name", "tags", "tasks", "parameters", "schedule", "max_concurrent_runs", "timeout_seconds", "email_notifications",
    "run_as"))
CLUSTER: dict[str, Any] = {"spark_version": "16.4.x-scala2.12", "num_workers": 2}


def jobs_file(*jobs: Any) -> Document:
    return document({"jobs": list(jobs)}, FILE)


def job(environment: TargetEnvironment = TargetEnvironment.DEV, **fields: Any) -> JobConfig:
    """A job of the type `jobs` with the notebook notebooks/train.py, where `fields` do not say otherwise."""
    basis = {} if "tasks" in fields else {"notebook": "notebooks/train.py"}
    settings = {"cluster_type": "jobs", "new_cluster": "default", "libraries": "default"}
    return job_config(jobs_file({**basis, **settings, **fields}), 0, environment)


def tasks(*rows: dict[str, Any]) -> dict[str, Any]:
    """The fields of a job of these tasks; each is a notebook where it says nothing else."""
    runs = ("notebook", "python_file", "wheel")
    return {"name": "flow", "tasks": [row if row.keys() & set(runs) else {"notebook": "notebooks/train.py", **row}
                                      for row in rows]}


def deployed(config: JobConfig, template: dict[str, Any] | None = None, **fields: Any) -> DatabricksJob:
    """`config` as Databricks gets it, by `template` beside what every team leaves open."""
    libraries: list[Any] = [{"pypi": {"package": "pandas"}}]
    given: dict[str, Any] = {
        "run_as": "app-1", "cluster_id": "0123-shared", "clusters": Parts("job_clusters.json", CLUSTER),
        "libraries": Parts("job_libraries.json", libraries), **fields}
    document = team_file("jobs_config", {**TEMPLATE, **(template or {})})
    return databricks_job(config, JobDeployment(config.environment, "churn", "/Repos/dev/churn", document, **given))


def body_of(**fields: Any) -> Any:
    """The body of a job in dev, as plain data."""
    return deployed(job(**fields)).body


def checkout(folder: Path, **files: str) -> Path:
    """A folder with `files`, `__` for a slash and `_dot_` for a full stop in a name, beside notebooks/train.py."""
    (folder / "notebooks").mkdir()
    (folder / "notebooks/train.py").write_text("# Databricks notebook source\nprint(1)\n", encoding="utf-8")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
