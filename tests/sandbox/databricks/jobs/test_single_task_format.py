"""Jobs of the old format, made by version 2.0 and read by every version."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, settings_of

FLAT: dict[str, Any] = {"name": "old", "new_cluster": NEW_CLUSTER, "notebook_task": {"notebook_path": "/x"},
                        "max_retries": 1}


def create_flat(client: Client, **changes: Any) -> int:
    reply = client.post("2.0/jobs/create", **{**FLAT, **changes})
    assert reply.status == 200, reply
    return int(reply.body["job_id"])


def test_2_0_shows_it_flat(admin: Client) -> None:
    """E13: version 2.0 makes and shows a flat job."""
    settings = settings_of(admin, create_flat(admin), "2.0")
    assert (settings["format"], settings["max_retries"]) == ("SINGLE_TASK", 1)
    assert settings["notebook_task"] == {"notebook_path": "/x", "source": "WORKSPACE"}
    assert "tasks" not in settings


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_later_versions_show_a_list_of_one_task(admin: Client, version: str) -> None:
    """E13: the same job, read by another version."""
    settings = settings_of(admin, create_flat(admin), version)
    assert [row["notebook_task"]["notebook_path"] for row in settings["tasks"]] == ["/x"]
    assert not {"notebook_task", "new_cluster", "max_retries"} & settings.keys()


@pytest.mark.parametrize("kind", ["spark_jar_task", "spark_python_task", "spark_submit_task", "pipeline_task",
                                  "python_wheel_task"])
def test_every_old_kind_of_work_is_shown_as_a_task(admin: Client, kind: str) -> None:
    """E13: whatever the flat job does."""
    work = {"python_file": "/x.py"} if kind == "spark_python_task" else {"package_name": "a", "entry_point": "b"}
    job_id = create_flat(admin, notebook_task=None, **{kind: work})
    assert kind in settings_of(admin, job_id, "2.0")
    assert kind in settings_of(admin, job_id, "2.2")["tasks"][0]


def test_2_0_lists_it_whole_and_all_at_once(admin: Client) -> None:
    """E13: the list of version 2.0."""
    for number in range(30):
        create_flat(admin, name=f"old {number}")
    body = admin.get("2.0/jobs/list").body
    assert (len(body["jobs"]), body["has_more"]) == (30, False)
    assert body["jobs"][0]["settings"]["notebook_task"]["notebook_path"] == "/x"


def test_2_0_lists_jobs_of_several_tasks_without_them(admin: Client) -> None:
    """E13: a newer job in the list of version 2.0."""
    create_job(admin)
    settings = admin.get("2.0/jobs/list").body["jobs"][0]["settings"]
    assert (settings["format"], "tasks" in settings) == ("MULTI_TASK", False)


def test_2_0_pages_when_asked(admin: Client) -> None:
    ids = [create_flat(admin) for _ in range(5)]
    body = admin.get("2.0/jobs/list", limit="2", offset="1").body
    assert [row["job_id"] for row in body["jobs"]] == [ids[3], ids[2]]
    assert body["has_more"] is True


@pytest.mark.parametrize(("changes", "words"), [
    ({"notebook_task": {}}, "notebook_path"), ({"notebook_task": {"notebook_path": "x"}}, "Only absolute paths"),
    ({"spark_python_task": {"python_file": "/x"}}, "exactly one type of work"),
    ({"existing_cluster_id": "x"}, "Only one of"), ({"new_cluster": {}}, "Missing required field"),
    ({"libraries": [{}]}, "exactly one of"),
])
def test_flat_job_is_held_to_the_rules_of_a_task(admin: Client, changes: dict[str, Any], words: str) -> None:
    reply = admin.post("2.0/jobs/create", **{**FLAT, **changes})
    assert (reply.status, words in reply.message) == (400, True), reply


def test_flat_job_of_a_repository_has_a_relative_path(admin: Client) -> None:
    source = {"git_url": "https://git.test/x", "git_provider": "gitHub", "git_branch": "main"}
    job_id = create_flat(admin, git_source=source, notebook_task={"notebook_path": "x"})
    assert settings_of(admin, job_id, "2.0")["notebook_task"] == {"notebook_path": "x", "source": "GIT"}


def test_tasks_count_for_more_than_what_is_flat(admin: Client) -> None:
    job_id = create_job(admin, "2.0", max_retries=1)
    assert settings_of(admin, job_id)["format"] == "MULTI_TASK"


def test_2_0_needs_a_cluster(admin: Client) -> None:
    reply = admin.post("2.0/jobs/create", name="x", notebook_task={"notebook_path": "/x"})
    assert reply.message == "Either new_cluster or existing_cluster_id must be specified."


def test_shared_job_clusters_need_several_tasks(admin: Client) -> None:
    clusters = [{"job_cluster_key": "a", "new_cluster": NEW_CLUSTER}]
    reply = admin.post("2.0/jobs/create", **FLAT, job_clusters=clusters)
    assert reply.message == "Shared job cluster feature is only supported in multi-task jobs."


def test_update_to_several_tasks_leaves_the_old_format(admin: Client) -> None:
    job_id = create_flat(admin)
    tasks = [{"task_key": "a", "new_cluster": NEW_CLUSTER, "notebook_task": {"notebook_path": "/y"}}]
    assert admin.post("2.1/jobs/update", job_id=job_id, new_settings={"tasks": tasks}).status == 200
    settings = settings_of(admin, job_id, "2.0")
    assert (settings["format"], len(settings["tasks"])) == ("MULTI_TASK", 1)
    assert "notebook_task" not in settings


def test_update_of_something_else_leaves_the_work_as_it_is(admin: Client) -> None:
    job_id = create_flat(admin)
    assert admin.post("2.1/jobs/update", job_id=job_id, new_settings={"name": "new"}).status == 200
    settings = settings_of(admin, job_id, "2.0")
    assert (settings["name"], settings["notebook_task"]["notebook_path"]) == ("new", "/x")


def test_2_1_does_not_know_the_fields_of_the_old_format(admin: Client) -> None:
    job_id = admin.post("2.1/jobs/create", **FLAT).body["job_id"]
    assert "notebook_task" not in settings_of(admin, job_id, "2.0")
