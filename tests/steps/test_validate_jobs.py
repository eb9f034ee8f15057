"""What validation says of `jobs_config.json`, all of it together and each mistake once."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steps.validate_config import step
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped

JOBS = "jobs_config.json"
NOTEBOOK = "notebooks/summarise_numbers.py"
OWN = {"spark_version": {"version": "16.4", "ml": False, "gpu": False}, "node_type_id": "Standard_DS3_v2",
       "num_workers": 1}
JOB = {"notebook": NOTEBOOK, "cluster_type": "jobs", "new_cluster": "default", "libraries": "default"}
CRON = {"quartz_cron_expression": "0 0 5 * * ?", "timezone_id": "UTC"}


@pytest.fixture
def product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    folder = shipped(tmp_path, capsys)
    folder.environ.update(PIPELINE_TYPE="jobs", TARGET_ENVIRONMENT="dev", SOURCE_BRANCH="refs/tags/v1.0.0")
    return folder


def tasks(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"notebook": None, "name": "flow", "tasks": [{"notebook": NOTEBOOK, **row} for row in rows]}


def job(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in {**JOB, **fields}.items() if key != "notebook" or value}


@pytest.mark.parametrize("team", ["data_science", "data_engineering"])
@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_what_is_shipped_is_sound_for_every_team(product: ProductFolder, team: str, environment: str) -> None:
    product.change(PRODUCT, workspace_name=team)
    assert product.run(step, TARGET_ENVIRONMENT=environment) == (0, [])
    assert product.lines[-1] == "8 files checked, 0 mistakes"


def test_a_cluster_is_not_kept_away_by_a_jobs_file_half_written(product: ProductFolder) -> None:
    product.write(JOBS, "{")
    assert product.run(step, PIPELINE_TYPE="cluster", SOURCE_BRANCH="refs/heads/main") == (0, [])
    assert product.run(step)[0] == 2


def test_a_missing_jobs_file_is_told(product: ProductFolder) -> None:
    product.path(JOBS).unlink()
    assert product.run(step) == (2, ["jobs_config.json: does not exist; add it to the repository"])


@pytest.mark.parametrize(("fields", "expected"), [
    pytest.param({"cluster_type": "high_concurrency", "libraries": None}, ".new_cluster: got 'default' for a job on "
                 "the high-concurrency cluster, expected null", id="high-concurrency-with-cluster"),
    pytest.param({"new_cluster": None}, ".new_cluster: got null for a job with a cluster of its own",
                 id="jobs-with-null"),
    pytest.param({"libraries": "non"}, ".libraries: got 'non', expected one of 'default', 'none'", id="no-such-word"),
    pytest.param({"cluster_type": "shared"}, ".cluster_type: got 'shared', expected one of 'high_concurrency', 'jobs'",
                 id="no-such-type"),
    pytest.param({"notebook": "notebooks/summarize"}, ".notebook: 'notebooks/summarize' is not in the repository",
                 id="no-notebook"),
    pytest.param({"schedule": {**CRON, "quartz_cron_expression": "0 5 * * *"}},
                 ".schedule.quartz_cron_expression: '0 5 * * *' has 5 fields", id="cron-of-unix"),
    pytest.param({"schedule": {**CRON, "timezone_id": "Berlin"}}, ".schedule.timezone_id: 'Berlin' is no time zone",
                 id="no-time-zone"),
    pytest.param({"schedule": {**CRON, "pause_status": "paused"}}, ".schedule.pause_status: got 'paused', expected one "
                 "of 'PAUSED', 'UNPAUSED'", id="no-such-status"),
    pytest.param(tasks({"task_key": "a", "depends_on": [{"task_key": "a"}]}), ".tasks[0].depends_on: tasks wait for "
                 "each other, a -> a", id="circle"),
    pytest.param(tasks({"task_key": "a", "depends_on": [{"task_key": "b"}]}), ".tasks[0].depends_on[0].task_key: 'b' "
                 "is no task of this job", id="unknown-dependency"),
    pytest.param(tasks({"task_key": "a", "run_if": "ALWAYS"}), ".tasks[0].run_if: got 'ALWAYS', expected one of",
                 id="no-such-condition"),
    pytest.param(tasks({"task_key": "a b"}), ".tasks[0].task_key: got 'a b', expected", id="odd-task-key"),
    pytest.param(tasks(*({"task_key": f"t{number}"} for number in range(1001))), ".tasks: got a list, expected at most "
                 "1000 entries", id="too-many-tasks"),
    pytest.param({"tasks": [{"task_key": "a", "notebook": NOTEBOOK}]}, ": got 'notebook', 'tasks', expected exactly "
                 "one of 'notebook', 'tasks'", id="both"),
    pytest.param({"parameters": {"a b": "1"}}, '.parameters["a b"]: parameter name \'a b\' has \' \'',
                 id="odd-parameter"),
    pytest.param({"parameters": {"a": 1}}, ".parameters.a: got 1, expected a text", id="number-as-parameter"),
    pytest.param({"environments": {"production": {}}}, ".environments.production: unknown field, expected 'dev', "
                 "'local', 'prod', 'test'", id="no-such-environment"),
    pytest.param({"environments": {"prod": {"name": "x"}}}, ".environments.prod.name: unknown field",
                 id="name-differs"),
    pytest.param({"environments": {"prod": {"schedule": {"timezone_id": "UTC"}}}},
                 ".environments.prod.schedule: 'quartz_cron_expression' is missing", id="half-a-schedule-in-prod"),
    pytest.param({"smoke_test": {"tasks": ["summarize"]}}, ".smoke_test.tasks[0]: 'summarize' is no task of this job",
                 id="smoke-test-of-no-task"),
    pytest.param({"max_concurrent_runs": 3}, ".max_concurrent_runs: got 3, locked to 1 by "
                 "teams/data_science/jobs_config.json:", id="locked-by-the-team"),
    pytest.param({"new_cluster": {**OWN, "enable_elastic_disk": False}}, ".new_cluster.enable_elastic_disk: got false, "
                 "locked to true by teams/data_science/cluster_config.json:", id="cluster-locked-by-the-team"),
    pytest.param({"new_cluster": {**OWN, "node_typ_id": "x"}}, ".new_cluster.node_typ_id: unknown field", id="typo"),
    pytest.param({"new_cluster": {**OWN, "spark_version": {"version": "16.9", "ml": False, "gpu": False}}},
                 ".new_cluster.spark_version: there is no runtime '16.9'", id="no-runtime"),
    pytest.param({"new_cluster": {}}, ".new_cluster: 'node_type_id' is missing", id="empty-cluster"),
    pytest.param({"libraries": {"pypi": ["mlflow-skinny==1"]}}, ".libraries.pypi[0]: wants 'mlflow-skinny==1', but "
                 "teams/data_science/libraries.json:3 wants", id="two-versions"),
    pytest.param({"libraries": {"egg": ["dbfs:/a.egg"]}}, ".libraries.egg[0]: runtime '16.4.x-scala2.12' takes no eggs",
                 id="type-the-runtime-lacks"),
    pytest.param({"libraries": {"pypi": [{"pypi": {}, "jar": "/a.jar"}]}}, ".libraries.pypi[0]: has the types",
                 id="two-types"),
    pytest.param({"email_notifications": {"on_failure": ["anna"]}}, ".email_notifications.on_failure[0]: got 'anna', "
                 "expected e-mail address", id="no-e-mail"),
    pytest.param({"name": "a\nb"}, ".name: got 'a\\nb', expected text of 1 to 100 characters",
                 id="line-break-in-a-name"),
    pytest.param({"name": "x" * 5000}, ".name: got 'xxxx", id="name-of-5000-characters"),
    pytest.param({"name": "a/b"}, ".name: got 'a/b', expected text of 1 to 100", id="slash-in-a-name"),
])
def test_bad_input_is_told_once_with_file_line_and_path(
        product: ProductFolder, fields: dict[str, Any], expected: str) -> None:
    product.write(JOBS, {"jobs": [job(**fields)]})
    code, errors = product.run(step)
    found = [error for error in errors if "'spark_version' is missing" not in error and "the size is" not in error]
    assert (code, len(found)) == (2, 1), errors
    assert re.match(rf"jobs_config\.json:\d+: jobs\[0\]{re.escape(expected)}", found[0]), found


def test_two_jobs_of_one_name_are_told(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job(), job()]})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert errors[0].startswith("jobs_config.json:9: jobs[1]: has the name 'dev-churn-summarise_numbers' of the job in "
                                "line 3, expected one of its own")


@pytest.mark.parametrize("name", [
    "it's \"quoted\"", "$(x)", "${{ y }}", "##vso[task.complete]", "größe 特徴", "; rm -rf *", "%AZP25", "x" * 100])
def test_a_hostile_name_is_just_a_name(product: ProductFolder, name: str) -> None:
    product.write(JOBS, {"jobs": [job(name=name)]})
    assert product.run(step) == (0, [])


def test_no_text_of_a_job_becomes_a_command_of_the_agent(product: ProductFolder) -> None:
    evil = "##vso[task.setvariable variable=x]y\n##vso[task.complete result=Succeeded]"
    row = job(name=evil, notebook=evil, parameters={evil: evil}, schedule={**CRON, "timezone_id": evil})
    product.write(JOBS, {"jobs": [row, {evil: evil}, job(**tasks({"task_key": evil}))]})
    product.run(step, REPOSITORY_NAME=evil)
    commands = [line for line in product.lines if "##vso[" in line.removeprefix("##vso[task.logissue type=error]")]
    assert commands == []


def test_mistakes_of_many_kinds_are_shown_together_by_line(product: ProductFolder) -> None:
    product.write(JOBS, {"jobs": [job(new_cluster=None), job(name="b", notebook="x.py", schedule={"timezone_id": "y"}),
                                  job(name="c", environments={"prod": {"max_concurrent_runs": 9}})]})
    product.change(PRODUCT, cluster={"node_typ_id": "x"})
    code, errors = product.run(step)
    lines = [int(error.split(":")[1]) for error in errors if error.startswith(JOBS)]
    assert (code, lines == sorted(lines), len(errors)) == (2, True, 6), errors


def test_a_cluster_no_job_can_share_is_told_where_it_is_written(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster={"spark_version": {"version": "16.4", "ml": True, "gpu": False}})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert "cluster_parameters.spark_version: the ML runtime '16.4.x-cpu-ml-scala2.12' cannot be shared" in errors[0]


def test_a_notebook_in_r_is_told_where_it_would_be_shared(product: ProductFolder) -> None:
    product.path("notebooks/model.r").write_text("# Databricks notebook source\n", "utf-8")
    product.write(JOBS, {"jobs": [job(notebook="notebooks/model.r", cluster_type="high_concurrency", new_cluster=None,
                                      libraries=None)]})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert errors[0].startswith("jobs_config.json:4: jobs[0].notebook: R does not run on the high-concurrency cluster")


def test_jobs_are_judged_by_themselves_where_the_team_is_unknown(product: ProductFolder) -> None:
    product.change(PRODUCT, workspace_name="nobody")
    product.write(JOBS, {"jobs": [job(new_cluster=None)]})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 2)


any_json = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
                        max_leaves=5)
known = st.sampled_from([
    "notebook", "name", "cluster_type", "new_cluster", "libraries", "parameters", "schedule", "quartz_cron_expression",
    "timezone_id", "tasks", "task_key", "depends_on", "smoke_test", "environments", "prod", "wheel", "file",
    "python_file", "max_retries", "spark_version", "version", "pypi", "email_notifications", "on_failure"])
words = st.sampled_from(["jobs", "high_concurrency", "default", "none", NOTEBOOK, "UTC", "a"])
shaped = st.recursive(any_json | words, lambda inner: st.dictionaries(known, inner, max_size=5) |
                      st.lists(inner, max_size=3), max_leaves=14)


@settings(max_examples=150, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.dictionaries(known, shaped, max_size=8), max_size=3) | shaped)
def test_random_jobs_are_never_a_bug(product: ProductFolder, rows: Any) -> None:
    product.write(JOBS, json.dumps({"jobs": rows}))
    code, _ = product.run(step)
    assert code in (0, 2), product.lines


@settings(max_examples=80, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(known, shaped, max_size=4), template=shaped)
def test_a_random_field_of_a_job_or_its_template_is_never_a_bug(
        product: ProductFolder, fields: dict[str, Any], template: Any) -> None:
    product.write(JOBS, json.dumps({"jobs": [{**JOB, **fields}]}))
    product.write("teams/data_science/jobs_config.json", json.dumps(template))
    code, _ = product.run(step)
    assert code in (0, 2), product.lines
