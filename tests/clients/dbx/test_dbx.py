"""dbx 0.8.19 as judge: it deploys a project, launches it, executes it on a cluster and takes it away again."""
from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.clients.conftest import QUICK, client
from tests.clients.legacy_place import anywhere
from tests.clients.machine import Machine
from tests.sandbox.databricks.conftest import Client

POLICY = {"autotermination_minutes": {"type": "unlimited", "isOptional": True}}


@dataclass(frozen=True)
class Dbx:
    """Calls `dbx` inside the project."""

    machine: Machine
    command: Path
    project: Path

    def __call__(self, *words: str) -> str:
        return self.machine.run(self.command, *words, folder=self.project)

    def refused(self, *words: str) -> str:
        done = self.machine.call(self.command, *words, folder=self.project)
        assert done.code == 1, done
        return done.output + done.errors


@pytest.fixture
def workspace() -> Workspace:
    """Not a strict one: dbx sends fields of its own along, such as `workflow_type`, which the service drops."""
    return Workspace("dev", tenant=Tenant())


@pytest.fixture
def admin(workspace: Workspace) -> Client:
    """Has made what the project names: a group, a policy and a cluster."""
    workspace.add_group("judges")
    admin = Client(workspace, workspace.token)
    admin.post("2.0/policies/clusters/create", name="small", definition=json.dumps(POLICY))
    admin.create_running(cluster_name="shared")
    workspace.set_delays(QUICK)
    return admin


@pytest.fixture
def dbx(workspace: Workspace, admin: Client, machine: Machine, tmp_path: Path) -> Iterator[Dbx]:
    environment = client("dbx")
    project = tmp_path / "project"
    shutil.copytree(Path(__file__).parent / "project", project)
    with anywhere(workspace.application) as told:
        knowing = machine.knowing(DATABRICKS_TOKEN=admin.token, DATABRICKS_JOBS_API_VERSION="2.1", COLUMNS="300",
                                  **told)
        yield Dbx(knowing, environment.script("dbx"), project)


def jobs(admin: Client) -> list[dict[str, Any]]:
    return list(admin.get("2.1/jobs/list", expand_tasks="true").body.get("jobs", []))


def test_a_project_is_deployed_launched_and_destroyed(dbx: Dbx, admin: Client) -> None:
    """H: deploy, launch --trace, destroy; D2: an access control list with one owner."""
    dbx("deploy", "judged")
    job = jobs(admin)[0]
    file = job["settings"]["tasks"][0]["spark_python_task"]["python_file"]
    assert file.startswith("dbfs:/Shared/dbx/judge/")
    rows = admin.get(f"2.0/permissions/jobs/{job['job_id']}").body["access_control_list"]
    assert {row.get("group_name", row.get("user_name")): row["all_permissions"][0]["permission_level"]
            for row in rows} == {"admin@example.test": "IS_OWNER", "judges": "CAN_VIEW", "admins": "CAN_MANAGE"}
    assert "finished successfully" in dbx("launch", "judged", "--trace")
    assert [run["state"]["result_state"] for run in admin.get("2.1/jobs/runs/list").body["runs"]] == ["SUCCESS"]
    dbx("destroy", "judged", "--confirm")
    assert jobs(admin) == []


def test_a_second_deployment_changes_the_first(dbx: Dbx, admin: Client) -> None:
    """A3: dbx finds its job with a filter in the body of a GET, so another one is left alone."""
    other = admin.post("2.1/jobs/create", name="other", tasks=[]).body["job_id"]
    dbx("deploy", "judged")
    first = {job["job_id"] for job in jobs(admin)}
    dbx("deploy", "judged")
    assert {job["job_id"] for job in jobs(admin)} == first
    assert {job["settings"]["name"] for job in jobs(admin) if job["job_id"] == other} == {"other"}


def test_a_list_without_owner_is_refused_before_it_is_sent(dbx: Dbx, admin: Client) -> None:
    """D2: dbx knows the rule, too."""
    assert "owner" in dbx.refused("deploy", "--deployment-file", "conf/ownerless.yml").lower()
    assert jobs(admin) == []


def test_assets_are_launched_without_a_job(dbx: Dbx, admin: Client) -> None:
    """H: a one-time run from what was uploaded, which dbx finds by searching MLflow runs."""
    dbx("deploy", "once", "--assets-only")
    assert "finished successfully" in dbx("launch", "once", "--from-assets", "--trace")
    assert jobs(admin) == []
    assert [run["run_type"] for run in admin.get("2.1/jobs/runs/list").body["runs"]] == ["SUBMIT_RUN"]


def test_a_file_is_executed_on_a_running_cluster(dbx: Dbx) -> None:
    """H: execute, through a 1.2 command context."""
    printed = dbx("execute", "judged", "--task", "train", "--cluster-name", "shared", "--no-package")
    assert "trained with ['anna']" in printed
