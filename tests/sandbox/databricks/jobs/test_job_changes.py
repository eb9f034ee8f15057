"""Jobs are reset and updated."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, job, settings_of, task


def test_update_by_2_2_does_not_switch_queueing_on(admin: Client) -> None:
    job_id = create_job(admin, "2.1")
    admin.post("2.2/jobs/update", job_id=job_id, new_settings={"description": "new"})
    assert "queue" not in settings_of(admin, job_id)


def test_reset_drops_what_the_request_leaves_out(admin: Client) -> None:
    """E2: a reset drops what is absent."""
    job_id = create_job(admin, tags={"team": "a"}, description="old", max_concurrent_runs=3)
    assert admin.post("2.2/jobs/reset", job_id=job_id, new_settings=job(name="new")).body == {}
    settings = settings_of(admin, job_id)
    assert (settings["name"], settings["max_concurrent_runs"]) == ("new", 1)
    assert not {"tags", "description"} & settings.keys()


@pytest.mark.parametrize(("version", "queue"), [("2.1", None), ("2.2", {"enabled": True})])
def test_reset_decides_anew_about_the_queue(admin: Client, version: str, queue: object) -> None:
    """E8: the default of the queue is that of the version which resets the job."""
    job_id = create_job(admin, queue={"enabled": False})
    admin.post(f"{version}/jobs/reset", job_id=job_id, new_settings=job())
    assert settings_of(admin, job_id).get("queue") == queue


def test_update_keeps_what_the_request_leaves_out(admin: Client) -> None:
    """E2: an update merges, tasks by their key."""
    job_id = create_job(admin, tags={"team": "a"}, tasks=[task("a"), task("b", "a")])
    change = {"description": "new", "tasks": [task("b", "a", timeout_seconds=60), task("c")]}
    admin.post("2.2/jobs/update", job_id=job_id, new_settings=change)
    settings = settings_of(admin, job_id)
    assert (settings["description"], settings["tags"]) == ("new", {"team": "a"})
    assert [(row["task_key"], row["timeout_seconds"]) for row in settings["tasks"]] == [("a", 0), ("b", 60), ("c", 0)]


def test_update_merges_job_clusters_by_their_key(admin: Client) -> None:
    """E2: an update merges, shared clusters by their key; an entry goes by its key, too."""
    one, two, other = ({"job_cluster_key": key, "new_cluster": {**NEW_CLUSTER, "num_workers": workers}}
                       for key, workers in (("one", 1), ("two", 1), ("two", 2)))
    job_id = create_job(admin, job_clusters=[one, two])
    admin.post("2.2/jobs/update", job_id=job_id, new_settings={"job_clusters": [other]},
               fields_to_remove=["job_clusters/one"])
    clusters = settings_of(admin, job_id)["job_clusters"]
    assert [(row["job_cluster_key"], row["new_cluster"]["num_workers"]) for row in clusters] == [("two", 2)]


@pytest.mark.parametrize(("remove", "tasks", "has_tags"), [
    (["tags"], ["a", "b"], False), (["tasks/b"], ["a"], True), (["unknown", "tasks/unknown"], ["a", "b"], True),
], ids=["field", "entry", "unknown"])
def test_update_removes_fields_and_entries(admin: Client, remove: list[str], tasks: list[str], has_tags: bool) -> None:
    """E2: `fields_to_remove` works."""
    job_id = create_job(admin, tags={"team": "a"}, tasks=[task("a"), task("b")])
    admin.post("2.2/jobs/update", job_id=job_id, fields_to_remove=remove)
    settings = settings_of(admin, job_id)
    assert [row["task_key"] for row in settings["tasks"]] == tasks
    assert ("tags" in settings) == has_tags


def test_update_that_breaks_the_job_changes_nothing(admin: Client) -> None:
    job_id = create_job(admin, tasks=[task("a"), task("b", "a")])
    before = settings_of(admin, job_id)
    assert admin.post("2.2/jobs/update", job_id=job_id, fields_to_remove=["tasks/a"]).status == 400
    assert settings_of(admin, job_id) == before


@pytest.mark.parametrize("path", ["name", "format", "tasks/", "job_clusters/", "schedule.timezone_id", "tags/team"])
def test_update_does_not_remove_what_cannot_go(admin: Client, path: str) -> None:
    reply = admin.post("2.2/jobs/update", job_id=create_job(admin), fields_to_remove=[path])
    assert reply.status == 400
    assert path in reply.message


def test_sixty_four_writers_lose_no_update(workspace: Workspace, admin: Client) -> None:
    job_id = create_job(admin)

    def add(number: int) -> None:
        change = {"tasks": [task(f"t{number:02}")]}
        Client(workspace, workspace.token).post("2.2/jobs/update", job_id=job_id, new_settings=change)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(add, range(64)))
    assert {row["task_key"] for row in settings_of(admin, job_id)["tasks"]} == {
        "train", *(f"t{number:02}" for number in range(64))}
