"""Starts runs and looks at them until they are over."""
from __future__ import annotations

from typing import Any

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task

OVER = {"TERMINATED", "SKIPPED", "INTERNAL_ERROR"}


def start(client: Client, job_id: int, version: str = "2.2", **changes: Any) -> int:
    reply = client.post(f"{version}/jobs/run-now", job_id=job_id, **changes)
    assert reply.status == 200, reply
    return int(reply.body["run_id"])


def start_new(client: Client, version: str = "2.2", **settings: Any) -> int:
    """The id of a run of a new job."""
    return start(client, create_job(client, version, **settings), version)


def submit(client: Client, version: str = "2.2", **body: Any) -> int:
    """The id of a run without a job."""
    reply = client.post(f"{version}/jobs/runs/submit", **{"tasks": [task()], **body})
    assert reply.status == 200, reply
    return int(reply.body["run_id"])


def look(client: Client, run_id: int, version: str = "2.2") -> dict[str, Any]:
    reply = client.get(f"{version}/jobs/runs/get", run_id=str(run_id))
    assert reply.status == 200, reply
    return dict(reply.body)


def life(client: Client, run_id: int) -> str:
    return str(look(client, run_id)["state"]["life_cycle_state"])


def finish(client: Client, run_id: int, version: str = "2.2") -> dict[str, Any]:
    """The run once it is over; at most forty looks."""
    for _ in range(40):
        run = look(client, run_id, version)
        if run["state"]["life_cycle_state"] in OVER:
            return run
    raise AssertionError(run["state"])


def results(run: dict[str, Any]) -> dict[str, str]:
    """The result of the last attempt of each task."""
    return {row["task_key"]: row["state"].get("result_state", row["state"]["life_cycle_state"]) for row in run["tasks"]}


def output(client: Client, run_id: int) -> dict[str, Any]:
    reply = client.get("2.2/jobs/runs/get-output", run_id=str(run_id))
    assert reply.status == 200, reply
    return dict(reply.body)
