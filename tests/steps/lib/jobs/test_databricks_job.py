from __future__ import annotations

from typing import Any

import pytest
from databricks.sdk.service.jobs import JobSettings

from steps.lib.jobs.databricks_job import databricks_jobs
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import team_file
from tests.steps.lib.jobs.job_files import TEMPLATE, body_of, deployed, job, jobs_file, tasks

PROD = TargetEnvironment.PROD
SCHEDULE = {"quartz_cron_expression": "0 0 5 * * ?", "timezone_id": "UTC"}
SHARED: dict[str, Any] = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}
FULL: dict[str, Any] = {
    "schedule": SCHEDULE, "timeout_seconds": 60, "max_retries": 1, "max_concurrent_runs": 2, "parameters": {"a": "1"},
    "email_notifications": {"on_failure": ["anna@example.com"], "no_alert_for_skipped_runs": True}}
FLOW = tasks(
    {"task_key": "a"}, {"task_key": "b", "depends_on": [{"task_key": "a"}]},
    {"task_key": "c", "python_file": "x.py", "parameters": ["--v"], "run_if": "ALL_DONE", "timeout_seconds": 5},
    {"task_key": "d", "wheel": {"package_name": "p", "entry_point": "e", "file": "d/p.whl"}, "parameters": {"k": "v"}})
TEAM = {"queue": {"enabled": True}, "edit_mode": "UI_LOCKED", "tags": {"department": "science"}}


def problems(fields: dict[str, Any], **template: Any) -> list[str]:
    return [f"{one.path}: {one.problem}" for one in deployed(job(**fields), template).findings]


def test_the_whole_body_of_a_job() -> None:
    found = deployed(job(PROD, **FULL), TEAM)
    assert found.findings == ()
    assert found.body == {
        "name": "prod-churn-train", "max_concurrent_runs": 2, "timeout_seconds": 60, **TEAM,
        "tags": {"department": "science", "environment": "prod", "repo": "churn", "job": "train",
                 "managed_by": "brickline"},
        "run_as": {"service_principal_name": "app-1"}, "schedule": {**SCHEDULE, "pause_status": "UNPAUSED"},
        "email_notifications": FULL["email_notifications"],
        "parameters": [{"name": "a", "default": "1"}, {"name": "environment", "default": "prod"}],
        "tasks": [{
            "task_key": "train", "max_retries": 1, "libraries": [{"pypi": {"package": "pandas"}}],
            "notebook_task": {"notebook_path": "/Repos/dev/churn/notebooks/train", "source": "WORKSPACE"},
            "new_cluster": {"spark_version": "16.4.x-scala2.12", "num_workers": 2}}],
    }


@pytest.mark.parametrize("fields", [
    FULL, {**FULL, **SHARED}, {**FULL, **FLOW},
], ids=["notebook", "shared", "tasks"])
def test_the_client_of_databricks_knows_every_field(fields: dict[str, Any]) -> None:
    body = deployed(job(**fields), TEAM).body
    assert JobSettings.from_dict(body).as_dict() == body


def test_a_job_on_the_shared_cluster_names_it_and_brings_no_libraries() -> None:
    [task] = body_of(**SHARED)["tasks"]
    assert task["existing_cluster_id"] == "0123-shared"
    assert not {"new_cluster", "libraries"} & task.keys()


def test_everything_has_an_origin_and_stands_once() -> None:
    values = deployed(job(**FULL), TEAM).values
    assert len({item.path for item in values}) == len(values)
    assert {str(item.origin).partition(":")[0] for item in values} == {
        "convention", "jobs_config.json", "teams/data_science/jobs_config.json"}


def test_null_takes_a_value_away() -> None:
    fields = {**FULL, "environments": {"dev": dict.fromkeys((
        "schedule", "timeout_seconds", "email_notifications", "max_concurrent_runs", "parameters", "max_retries"))}}
    plain = deployed(job()).body
    assert deployed(job(**fields)).body == plain


def test_a_schedule_may_be_paused_in_one_environment() -> None:
    fields: dict[str, Any] = {"schedule": SCHEDULE, "environments": {"dev": {"schedule": {"pause_status": "PAUSED"}}}}
    assert deployed(job(**fields)).body["schedule"] == {**SCHEDULE, "pause_status": "PAUSED"}
    assert deployed(job(PROD, **fields)).body["schedule"] == {**SCHEDULE, "pause_status": "UNPAUSED"}


@pytest.mark.parametrize(("fields", "template", "words"), [
    pytest.param({"max_concurrent_runs": 5}, {"max_concurrent_runs": 1}, "max_concurrent_runs: got 5, locked to 1 by "
                 "teams/data_science/jobs_config.json:", id="value"),
    pytest.param({"schedule": SCHEDULE}, {"schedule": {"timezone_id": "Europe/Berlin", "quartz_cron_expression": None}},
                 "schedule.timezone_id: got 'UTC', locked to 'Europe/Berlin'", id="key-of-an-object"),
    pytest.param({"parameters": {"a": "1"}}, {"parameters": [{"name": "a", "default": "2"}]}, "parameters: got [",
                 id="list"),
    pytest.param({"max_retries": 3}, {"tasks": [{"max_retries": 1}]}, "max_retries: got 3, locked to 1",
                 id="every-task"),
    pytest.param({"max_retries": 3}, {"tasks": [{"timeout_seconds": 1}]}, "max_retries: not allowed by",
                 id="not-allowed"),
    pytest.param(tasks({"task_key": "a", "timeout_seconds": 9}), {"tasks": [{"timeout_seconds": 1}]},
                 "tasks[0].timeout_seconds: got 9, locked to 1", id="of-one-task"),
    pytest.param({"environments": {"dev": {"max_concurrent_runs": 5}}}, {"max_concurrent_runs": 1},
                 "environments.dev.max_concurrent_runs: got 5, locked to 1", id="of-one-environment"),
    pytest.param({}, {"tags": {"Repo": "x"}}, "tags.Repo: set by convention", id="reserved-tag"),
    pytest.param({}, {"tags": {f"t{number}": "x" for number in range(22)}}, "26 tags with those of the team",
                 id="too-many-tags"),
    pytest.param({"schedule": SCHEDULE}, {"continuous": {"pause_status": "UNPAUSED"}}, "schedule: cannot stand beside "
                 "'continuous' of teams/data_science/jobs_config.json:", id="two-ways-to-start"),
    pytest.param({"schedule": {"timezone_id": "UTC"}}, {}, "schedule: 'quartz_cron_expression' is missing",
                 id="no-cron"),
    pytest.param({"schedule": {"quartz_cron_expression": "x"}}, {}, "schedule: 'timezone_id' is missing",
                 id="no-zone"),
])
def test_a_job_against_its_team_is_told_once(fields: dict[str, Any], template: dict[str, Any], words: str) -> None:
    [problem] = problems(fields, **template)
    assert words in problem


def test_tags_that_identify_a_job_are_ours_in_any_case_of_letters() -> None:
    body: Any = deployed(job(), {"tags": {"repo": "x", "Job": "y", "team": "z"}}).body
    assert body["tags"] == {
        "team": "z", "environment": "dev", "repo": "churn", "job": "train", "managed_by": "brickline"}


def test_null_inside_an_object_takes_away_just_that() -> None:
    body = body_of(email_notifications={"on_failure": None, "on_start": ["anna@example.com"]})
    assert body["email_notifications"] == {"on_start": ["anna@example.com"]}


def test_a_locked_value_may_be_repeated() -> None:
    fields = {"schedule": SCHEDULE, "max_retries": 1, "parameters": {"a": "1"}, "max_concurrent_runs": 1}
    template = {"schedule": {"timezone_id": "UTC", "quartz_cron_expression": None}, "tasks": [{"max_retries": 1}],
                "parameters": [{"name": "a", "default": "1"}], "max_concurrent_runs": 1}
    assert problems(fields, **template) == []


def test_a_time_zone_of_the_team_need_not_be_repeated_and_makes_no_schedule() -> None:
    template = {"schedule": {"timezone_id": "UTC", "quartz_cron_expression": None, "pause_status": None}}
    assert "schedule" not in deployed(job(), template).body
    found = deployed(job(schedule={"quartz_cron_expression": "0 0 5 * * ?"}), template)
    assert (found.findings, found.body["schedule"]) == ((), {**SCHEDULE, "pause_status": "UNPAUSED"})


def test_the_entry_of_the_template_holds_for_every_task() -> None:
    entry = {"max_retries": 2, "min_retry_interval_millis": 60_000, "depends_on": None, "run_if": None}
    found = deployed(job(**tasks({"task_key": "a"}, {"task_key": "b", "depends_on": [{"task_key": "a"}]})),
                     {"tasks": [entry]})
    assert found.findings == ()
    assert JobSettings.from_dict(found.body).tasks is not None
    assert [one.max_retries for one in JobSettings.from_dict(found.body).tasks or []] == [2, 2]


@pytest.mark.parametrize(("template", "expected"), [
    ({}, [{"name": "environment", "default": "dev"}]),
    ({"parameters": [{"name": "x", "default": "1"}]}, [{"name": "x", "default": "1"}]),
], ids=["open", "locked"])
def test_a_job_is_told_its_environment_unless_parameters_are_locked(template: dict[str, Any], expected: Any) -> None:
    assert deployed(job(), template).body["parameters"] == expected


def test_a_parameter_environment_of_the_product_counts() -> None:
    body = deployed(job(parameters={"environment": "mine"})).body
    assert body["parameters"] == [{"name": "environment", "default": "mine"}]


def test_a_principal_locked_by_the_team_runs_the_jobs() -> None:
    assert deployed(job(), {"run_as": {"user_name": "x@example.com"}}).body["run_as"] == {"user_name": "x@example.com"}


def test_without_a_principal_the_service_decides() -> None:
    assert "run_as" not in deployed(job(), run_as="").body


def test_every_job_of_the_file_has_a_body_and_a_file_of_its_own() -> None:
    document = jobs_file({"notebook": "a.py", **SHARED}, {"notebook": "a.py", "name": "x/../..", **SHARED})
    deployment = JobDeployment(PROD, "churn", "/Repos/prod/churn", team_file("jobs_config", TEMPLATE))
    found = databricks_jobs(document, deployment)
    assert [one.file.startswith("jobs/prod-churn-a") for one in found] == [True, True]
    assert all(one.file.count("/") == 1 for one in found)
    assert len({one.file for one in found}) == 2
