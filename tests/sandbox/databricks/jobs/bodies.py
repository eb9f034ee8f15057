"""Bodies of requests for jobs, and what is asked about them again and again."""
from __future__ import annotations

from typing import Any

from tests.sandbox.databricks.conftest import Client

NEW_CLUSTER = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}


def task(key: str = "train", *needed: str, **changes: Any) -> dict[str, Any]:
    """A notebook on a cluster of its own, after the tasks `needed`."""
    after = {"depends_on": [{"task_key": other} for other in needed]} if needed else {}
    body = {"task_key": key, "notebook_task": {"notebook_path": "/Repos/dev/churn/train"}, "new_cluster": NEW_CLUSTER}
    return {name: value for name, value in {**body, **after, **changes}.items() if value is not None}


def job(**changes: Any) -> dict[str, Any]:
    return {"name": "churn", "tasks": [task()], **changes}


def create_job(client: Client, version: str = "2.2", **changes: Any) -> int:
    reply = client.post(f"{version}/jobs/create", **job(**changes))
    assert reply.status == 200, reply
    return int(reply.body["job_id"])


def settings_of(client: Client, job_id: int, version: str = "2.2") -> dict[str, Any]:
    reply = client.get(f"{version}/jobs/get", job_id=str(job_id))
    assert reply.status == 200, reply
    return dict(reply.body["settings"])


def refusal(client: Client, version: str = "2.2", **changes: Any) -> str:
    """What the workspace says to a job it does not take."""
    reply = client.post(f"{version}/jobs/create", **job(**changes))
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE"), reply
    return reply.message
