"""Jobs whose policy was changed after they were made."""
from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, settings_of, task
from tests.sandbox.databricks.policies.conftest import MakePolicy

LOOSE: dict[str, Any] = {"num_workers": {"type": "unlimited"}}
TIGHT = {"num_workers": {"type": "range", "minValue": 2, "defaultValue": 2}, "custom_tags.b": {"type": "forbidden"}}


@pytest.fixture
def policy(make_policy: MakePolicy) -> str:
    return make_policy(LOOSE)


@pytest.fixture
def strayed(admin: Client, policy: str) -> int:
    """The id of a job with a shared cluster, one of a task and one of a loop, when their policy became tighter."""
    spec = {**NEW_CLUSTER, "policy_id": policy, "custom_tags": {"b": "c"}}
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1]", "task": task("one", new_cluster=spec)}}
    job_id = create_job(admin, job_clusters=[{"job_cluster_key": "shared", "new_cluster": spec}], tasks=[
        task("a", new_cluster=None, job_cluster_key="shared"), task("b", new_cluster=spec), loop])
    tighten(admin, policy, TIGHT)
    return job_id


def tighten(client: Client, policy_id: str, rules: dict[str, Any]) -> None:
    body = {"policy_id": policy_id, "name": "ours", "definition": json.dumps(rules)}
    assert client.post("2.0/policies/clusters/edit", **body).status == 200


def compliance(client: Client, job_id: int) -> dict[str, Any]:
    return dict(client.get("2.0/policies/jobs/get-compliance", job_id=str(job_id)).body)


def enforce(client: Client, job_id: int, **fields: Any) -> Reply:
    return client.post("2.0/policies/jobs/enforce-compliance", job_id=job_id, **fields)


def test_job_strays_when_its_policy_changes(admin: Client, strayed: int) -> None:
    told = compliance(admin, strayed)
    assert told["is_compliant"] is False
    assert told["violations"].keys() == {f"{place}.new_cluster.{path}" for path in ("num_workers", "custom_tags.b")
                                         for place in ("job_clusters[shared]", "tasks[b]",
                                                       "tasks[loop].for_each_task.task")}
    text = told["violations"]["job_clusters[shared].new_cluster.custom_tags.b"]
    assert text.startswith("Validation failed for custom_tags.b, the value must not be present")


def test_job_without_policy_is_compliant(admin: Client) -> None:
    assert compliance(admin, create_job(admin)) == {"is_compliant": True, "violations": {}}


def test_what_a_run_would_be_given_is_no_violation(admin: Client, policy: str) -> None:
    job_id = create_job(admin, tasks=[task(new_cluster={**NEW_CLUSTER, "policy_id": policy})])
    tighten(admin, policy, {"spark_conf.a": {"type": "fixed", "value": True}})
    assert compliance(admin, job_id)["is_compliant"] is True


def test_enforcing_puts_the_job_right(admin: Client, strayed: int) -> None:
    body = enforce(admin, strayed).body
    rows = {row["field"]: (row["previous_value"], row["new_value"]) for row in body["job_cluster_changes"]}
    assert (body["has_changes"], len(rows)) == (True, 6)
    assert rows["tasks[b].new_cluster.num_workers"] == ("1", "2")
    assert settings_of(admin, strayed)["job_clusters"][0]["new_cluster"]["num_workers"] == 2
    assert body["settings"]["tasks"] == settings_of(admin, strayed)["tasks"]
    assert compliance(admin, strayed)["is_compliant"] is True


def test_preview_changes_nothing(admin: Client, strayed: int) -> None:
    assert enforce(admin, strayed, validate_only=True).body["has_changes"] is True
    assert compliance(admin, strayed)["is_compliant"] is False


def test_compliant_job_is_left_alone(admin: Client) -> None:
    body = enforce(admin, create_job(admin)).body
    assert (body["has_changes"], body["job_cluster_changes"]) == (False, [])


def test_what_the_policy_cannot_fill_is_refused(admin: Client, policy: str, strayed: int) -> None:
    tighten(admin, policy, {"custom_tags.team": {"type": "allowlist", "values": ["x"]}})
    reply = enforce(admin, strayed)
    assert (reply.status, reply.code) == (400, "INVALID_PARAMETER_VALUE")
    assert "job_clusters[shared].new_cluster.custom_tags.team" in reply.message


def test_jobs_of_a_policy_are_listed_in_pages(admin: Client, policy: str, strayed: int) -> None:
    right = create_job(admin, tasks=[task(new_cluster={**NEW_CLUSTER, "policy_id": policy, "num_workers": 2})])
    create_job(admin)
    path = "2.0/policies/jobs/list-compliance"
    first = admin.get(path, policy_id=policy, page_size="1").body
    rest = admin.get(path, policy_id=policy, page_size="1", page_token=first["next_page_token"]).body
    rows = first["jobs"] + rest["jobs"]
    assert [(row["job_id"], row["is_compliant"]) for row in rows] == [(strayed, False), (right, True)]
    assert rest["next_page_token"] == ""


def test_job_leaves_the_list_with_its_policy(admin: Client, policy: str, strayed: int) -> None:
    admin.post("2.2/jobs/reset", job_id=strayed, new_settings={"tasks": [task()]})
    assert admin.get("2.0/policies/jobs/list-compliance", policy_id=policy).body == {"next_page_token": ""}


def test_each_call_needs_its_right(stranger: Client, policy: str, strayed: int) -> None:
    assert stranger.get("2.0/policies/jobs/get-compliance", job_id=str(strayed)).code == "PERMISSION_DENIED"
    reply = stranger.get("2.0/policies/jobs/list-compliance", policy_id=policy)
    assert (reply.code, reply.message) == ("PERMISSION_DENIED", "Only admin users can list the compliance of jobs.")
    assert enforce(stranger, strayed).code == "PERMISSION_DENIED"
