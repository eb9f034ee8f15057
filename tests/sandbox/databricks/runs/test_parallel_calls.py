"""Many callers at once: one run per token, and no settings that nobody sent."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, job, settings_of, task
from tests.sandbox.databricks.runs.driving import start, submit


def test_sixty_four_starts_with_one_token_are_one_run(workspace: Workspace, admin: Client) -> None:
    """E9: the same token returns the same run, however many ask at once."""
    job_id = create_job(admin, max_concurrent_runs=100)
    with ThreadPoolExecutor(64) as pool:
        runs = set(pool.map(lambda _: start(admin, job_id, idempotency_token="once"), range(64)))
    assert len(runs) == 1
    assert workspace.state.runs.store.ids(job_id) == list(runs)


def test_sixty_four_submits_with_one_token_are_one_run(workspace: Workspace, admin: Client) -> None:
    """E9: the same token returns the same one-time run."""
    with ThreadPoolExecutor(64) as pool:
        runs = set(pool.map(lambda _: submit(admin, idempotency_token="once"), range(64)))
    assert workspace.state.runs.store.ids() == list(runs)


def test_settings_of_parallel_resets_are_those_of_one_of_them(admin: Client) -> None:
    """E2: a reset replaces everything at once."""
    job_id = create_job(admin)

    def reset(number: int) -> None:
        text = str(number)
        new = job(name=text, description=text, tags={"number": text}, tasks=[task(f"t{text}")])
        assert admin.post("2.2/jobs/reset", job_id=job_id, new_settings=new).status == 200
        found = settings_of(admin, job_id)
        seen.add((found["name"], found["description"], found["tags"]["number"], found["tasks"][0]["task_key"][1:]))

    seen: set[tuple[str, ...]] = set()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(reset, range(64)))
    assert seen
    assert all(len(set(one)) == 1 for one in seen)


def test_parallel_creates_and_deletes_leave_what_was_not_deleted(admin: Client) -> None:
    def create(number: int) -> int:
        job_id = create_job(admin, name=f"job {number}")
        if number % 2:
            assert admin.post("2.2/jobs/delete", job_id=job_id).status == 200
        return job_id

    with ThreadPoolExecutor(32) as pool:
        ids = list(pool.map(create, range(64)))
    listed = [row["job_id"] for row in admin.get("2.2/jobs/list", limit="100").body["jobs"]]
    assert sorted(listed) == sorted(ids[::2])
    assert len(set(ids)) == 64
