from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.http.faults import Fault
from steps.create_or_edit_jobs import step
from tests.steps.bench import CLUSTER as SHARED_CLUSTER
from tests.steps.bench import Bench
from tests.steps.jobs_bench import CREATE, GROUP, LIST, ME, RESET, JobsBench, entries, entry

TAGS = {"environment": "dev", "repo": "churn", "job": "train", "managed_by": "brickline"}
SCHEDULE = {"quartz_cron_expression": "0 0 5 ? * MON-FRI", "timezone_id": "Europe/Berlin"}
SHARED: dict[str, Any] = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}
TASK: dict[str, Any] = {"task_key": "run", "notebook_task": {"notebook_path": "/x"},
                        "new_cluster": {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2",
                                        "num_workers": 1}}
SEEN = {"group_name": "users", "permission_level": "CAN_VIEW"}


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    return JobsBench.of(bench)


@pytest.fixture
def deployed(jobs: JobsBench) -> JobsBench:
    """With the job `train`, as a first run leaves it."""
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    jobs.bench.workspace.log.clear()
    return jobs


def test_absent_job_is_created_with_its_rights(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry())
    assert jobs.bench.run(step) == 0
    job, own = jobs.only(), jobs.bench.principal.client_id
    assert (job.name, job.settings["tags"], jobs.runs_as(job)) == ("dev-churn-train", TAGS, own)
    assert jobs.access(job) == {own: "IS_OWNER", GROUP: "CAN_VIEW"}
    assert "jobs: 1 created" in capsys.readouterr().out


def test_first_run_asks_once_for_all_and_creates_each(jobs: JobsBench) -> None:
    jobs.want(*entries(3))
    jobs.bench.run(step)
    assert sorted(jobs.bench.calls()) == sorted([LIST, ME, CREATE, CREATE, CREATE])


@pytest.mark.parametrize("fields", [
    {}, {"parameters": {"b": "1", "a": "2"}}, {"schedule": SCHEDULE}, {"timeout_seconds": 60, "max_retries": 2},
    {"email_notifications": {"on_failure": ["zoe@example.com", "anna@example.com"]}}, SHARED,
    {"max_concurrent_runs": 3}, {"schedule": {**SCHEDULE, "pause_status": "PAUSED"}},
], ids=["least", "parameters", "schedule", "limits", "emails", "shared", "concurrent", "paused"])
def test_unchanged_job_gets_no_write(jobs: JobsBench, fields: dict[str, Any]) -> None:
    cluster_id = jobs.bench.by_hand("/api/2.1/clusters/create", SHARED_CLUSTER)["cluster_id"]
    jobs.want(entry(**fields))
    jobs.bench.run(step, CLUSTER_ID=cluster_id)
    jobs.bench.workspace.log.clear()
    assert jobs.bench.run(step, CLUSTER_ID=cluster_id) == 0
    assert jobs.bench.calls() == [LIST]


def test_unchanged_flow_of_tasks_gets_no_write(jobs: JobsBench) -> None:
    keys = [{"task_key": key} for key in ("zebra", "ant")]
    rows = [{**key, "notebook": "notebooks/a.py"} for key in keys]
    last = {"task_key": "last", "python_file": "b.py", "parameters": ["-v", "-a"], "depends_on": keys}
    jobs.want({**entry(), "notebook": None, "name": "flow", "tasks": [*rows, last]})
    assert [jobs.bench.run(step), jobs.bench.run(step)] == [0, 0]
    assert jobs.bench.writes() == [CREATE]


def test_changed_job_is_reset_with_all_it_is(deployed: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    before = deployed.only()
    deployed.want(entry(timeout_seconds=90))
    assert deployed.bench.run(step) == 0
    assert deployed.bench.calls() == [LIST, RESET]
    assert (deployed.only().job_id, deployed.only().settings["timeout_seconds"]) == (before.job_id, 90)
    assert "timeout_seconds: (none) -> 90 (jobs_config.json:" in capsys.readouterr().out


def test_who_a_job_runs_as_is_put_right(deployed: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    job = deployed.only()
    settings = {**job.settings, "run_as": {"user_name": "anna@example.com"}}
    deployed.by_hand("reset", {"job_id": job.job_id, "new_settings": settings})
    assert deployed.bench.run(step) == 0
    assert deployed.runs_as(job) == deployed.bench.principal.client_id
    assert "run_as.service_principal_name: 'anna@example.com' -> " in capsys.readouterr().out


@pytest.mark.parametrize(("by_hand", "line"), [
    ({"schedule": SCHEDULE}, "schedule.timezone_id: 'Europe/Berlin' -> (none) (nobody sets it any more)"),
    ({"queue": {"enabled": False}}, "queue.enabled: false -> true (teams/data_science/jobs_config.json:"),
    ({"max_concurrent_runs": 9}, "max_concurrent_runs: 9 -> (none)"),
    ({"description": "mine"}, "description: 'mine' -> (none)"),
], ids=["schedule", "queue", "runs", "description"])
def test_what_was_changed_by_hand_is_changed_back(
        deployed: JobsBench, by_hand: dict[str, Any], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.by_hand("update", {"job_id": deployed.only().job_id, "new_settings": by_hand})
    assert deployed.bench.run(step) == 0
    assert line in capsys.readouterr().out
    deployed.bench.workspace.log.clear()
    deployed.bench.run(step)
    assert deployed.bench.writes() == []


def test_row_that_does_not_tell_who_the_job_runs_as_is_read_whole(deployed: JobsBench) -> None:
    bench = deployed.bench
    row = {"job_id": deployed.only().job_id, "settings": deployed.only().settings}
    bench.workspace.faults.add(Fault("/api/2.2/jobs/list", status=200, body=json.dumps({"jobs": [row]}).encode()))
    assert bench.run(step) == 0
    assert bench.calls() == [LIST, "GET /api/2.2/jobs/get"]


def test_job_renamed_by_hand_keeps_its_identity(deployed: JobsBench) -> None:
    deployed.by_hand("update", {"job_id": deployed.only().job_id, "new_settings": {"name": "mine now"}})
    assert deployed.bench.run(step) == 0
    assert deployed.only().name == "dev-churn-train"


def test_job_deleted_by_hand_is_created_again(deployed: JobsBench) -> None:
    before = deployed.only().job_id
    deployed.by_hand("delete", {"job_id": before})
    assert deployed.bench.run(step) == 0
    assert deployed.only().job_id != before


def test_job_of_our_name_without_our_tags_is_not_touched(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    (job_id,) = add_foreign_jobs(jobs.bench.workspace.state, 1, name="Dev-churn-TRAIN", tags={**TAGS, "repo": "other"})
    jobs.want(entry(), entry("other"))
    assert jobs.bench.run(step) == 2
    assert jobs.bench.writes() == []
    said = capsys.readouterr().out
    assert "jobs[0]: the workspace has a job 'dev-churn-train' without the tags of this one, expected none: " in said
    assert f"'Dev-churn-TRAIN' ({job_id}) {jobs.bench.server.url}/jobs/{job_id}; it is left alone" in said


def test_two_jobs_with_our_identity_stop_the_step(deployed: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    copy = deployed.by_hand("create", {"name": "Copy of train", "tags": TAGS, "tasks": [TASK],
                                       "access_control_list": [SEEN]})["job_id"]
    first = min(job.job_id for job in deployed.all())
    assert deployed.bench.run(step) == 2
    assert deployed.bench.writes() == []
    said = capsys.readouterr().out
    assert f"2 jobs carry the tags of 'dev-churn-train', expected one: 'Copy of train' ({copy})" in said
    assert f"'dev-churn-train' ({first})" in said


def test_mistake_in_the_config_is_told_before_anything_is_asked(
        jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry(), entry())
    assert jobs.bench.run(step) == 2
    assert jobs.bench.calls() == []
    assert "]jobs_config.json:9: jobs[1]" in capsys.readouterr().out


def test_shared_cluster_without_an_id_is_an_error(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry(**SHARED))
    assert jobs.bench.run(step) == 2
    assert "environment: CLUSTER_ID: missing, expected the high-concurrency cluster" in capsys.readouterr().out


def test_wrong_word_for_orphans_is_an_error(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want(entry())
    assert jobs.bench.run(step, ORPHANED_JOBS="remove") == 2
    assert "ORPHANED_JOBS: got 'remove', expected one of keep, delete" in capsys.readouterr().out


def test_dry_run_counts_what_waits_and_sends_no_write(deployed: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.want(entry(timeout_seconds=9), entry("new"), entry("newer"))
    assert deployed.bench.run(step, DRY_RUN="true") == 0
    assert deployed.bench.writes() == []
    assert deployed.bench.outputs(capsys.readouterr().out) == {"changes": "3"}
    assert [row["state"] for row in deployed.deployed()] == ["to be edited", "to be created", "to be created"]


def test_dry_run_works_before_the_shared_cluster_exists(
        deployed: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    deployed.want(entry(**SHARED))
    assert deployed.bench.run(step, DRY_RUN="true") == 0
    assert "tasks[train].existing_cluster_id: (none) -> 'to be created' (convention)" in capsys.readouterr().out


def test_plan_approved_before_the_shared_cluster_existed_is_applied(deployed: JobsBench, tmp_path: Path) -> None:
    deployed.want(entry(**SHARED))
    deployed.bench.run(step, DRY_RUN="true")
    shutil.copytree(deployed.bench.generated / "plans", tmp_path / "approved")
    cluster_id = deployed.bench.by_hand("/api/2.1/clusters/create", SHARED_CLUSTER)["cluster_id"]
    approved = str(tmp_path / "approved")
    assert deployed.bench.run(step, CLUSTER_ID=cluster_id, APPROVED_PLANS_DIRECTORY=approved) == 0
    assert deployed.only().tasks[0]["existing_cluster_id"] == cluster_id


def test_change_since_the_approval_is_not_applied(deployed: JobsBench, tmp_path: Path) -> None:
    deployed.want(entry(timeout_seconds=9))
    deployed.bench.run(step, DRY_RUN="true")
    shutil.copytree(deployed.bench.generated / "plans", tmp_path / "approved")
    deployed.by_hand("update", {"job_id": deployed.only().job_id, "new_settings": {"description": "mine"}})
    assert deployed.bench.run(step, APPROVED_PLANS_DIRECTORY=str(tmp_path / "approved")) == 1
    assert deployed.bench.writes() == []


def test_later_steps_are_told_the_ids(deployed: JobsBench) -> None:
    assert deployed.deployed() == [{"name": "dev-churn-train", "job": "train", "job_id": deployed.only().job_id,
                                    "state": "created"}]


def test_body_of_each_job_is_among_the_generated_files(deployed: JobsBench) -> None:
    body = json.loads((deployed.bench.generated / "jobs/dev-churn-train.json").read_text("utf-8"))
    assert (body["name"], body["tags"], "access_control_list" in body) == ("dev-churn-train", TAGS, False)


def test_summary_has_a_table_with_links(deployed: JobsBench) -> None:
    deployed.want(entry(schedule=SCHEDULE))
    deployed.bench.run(step)
    text = (deployed.bench.generated / "summary/create_or_edit_jobs.md").read_text("utf-8")
    link = f"[open](<{deployed.bench.server.url}/jobs/{deployed.only().job_id}>)"
    when = "` 0 0 5 ? * MON-FRI Europe/Berlin `"
    assert f"| ` dev-churn-train ` | ` default, 1 to 4 workers ` | {when} | edited | {link} |" in text


def test_no_jobs_at_all_is_no_error(jobs: JobsBench, capsys: pytest.CaptureFixture[str]) -> None:
    jobs.want()
    assert jobs.bench.run(step) == 0
    assert "jobs: none" in capsys.readouterr().out
