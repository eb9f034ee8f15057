from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steps.lib.jobs.job_config import job_configs
from steps.lib.jobs.job_rules import cluster_findings, in_every_environment, job_findings, name_findings
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.jobs.job_files import checkout, job, jobs_file

OWN = {"node_type_id": "x"}
SHARED = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}


@pytest.mark.parametrize("fields", [
    SHARED, {}, {"libraries": "none"}, {"new_cluster": OWN, "libraries": {"pypi": []}},
], ids=["high-concurrency", "default", "no-libraries", "own"])
def test_what_goes_together_is_fine(fields: dict[str, Any]) -> None:
    assert list(cluster_findings(job(**fields))) == []


@pytest.mark.parametrize(("fields", "paths"), [
    pytest.param({**SHARED, "new_cluster": "default"}, ["new_cluster"], id="high-concurrency-with-default"),
    pytest.param({**SHARED, "new_cluster": OWN, "libraries": "none"}, ["new_cluster", "libraries"],
                 id="high-concurrency-with-both"),
    pytest.param({"new_cluster": None}, ["new_cluster"], id="jobs-without-cluster"),
    pytest.param({"new_cluster": None, "libraries": None}, ["new_cluster", "libraries"], id="jobs-without-both"),
    pytest.param({"new_cluster": {**OWN, "autotermination_minutes": 60}}, ["new_cluster.autotermination_minutes"],
                 id="minutes-of-a-cluster-that-ends-anyway"),
])
def test_what_does_not_go_together_is_told(fields: dict[str, Any], paths: list[str]) -> None:
    assert [finding.path for finding in cluster_findings(job(**fields))] == [f"jobs[0].{path}" for path in paths]


def test_a_type_of_one_environment_is_judged_there() -> None:
    fields: dict[str, Any] = {"environments": {"dev": {"cluster_type": "high_concurrency"}}}
    assert [one.path for one in cluster_findings(job(**fields))] == ["jobs[0].new_cluster", "jobs[0].libraries"]
    assert list(cluster_findings(job(TargetEnvironment.PROD, **fields))) == []


@pytest.mark.parametrize(("one", "other"), [
    ({"notebook": "a/train.py"}, {"notebook": "b/train.ipynb"}),
    ({"notebook": "train"}, {"name": "train", "tasks": []}),
    ({"notebook": "n", "name": "x"}, {"notebook": "m/n.py", "name": "x"}),
], ids=["folders-and-endings", "tasks-like-a-notebook", "same-name"])
def test_two_jobs_of_one_name_are_told_at_the_second(one: dict[str, Any], other: dict[str, Any]) -> None:
    jobs = job_configs(jobs_file(one, other), TargetEnvironment.DEV)
    [finding] = name_findings(jobs, "churn")
    assert finding.path == "jobs[1]"
    assert "of the job in line 3, expected one of its own; give it another 'name'" in finding.problem


def test_one_notebook_may_have_several_jobs_by_name() -> None:
    rows = [{"notebook": "n"}, {"notebook": "n", "name": "x"}, {"notebook": "n", "name": "X"}]
    assert name_findings(job_configs(jobs_file(*rows), TargetEnvironment.DEV), "churn") == []


def test_jobs_of_tasks_need_a_name() -> None:
    jobs = job_configs(jobs_file({"tasks": []}, {"tasks": []}), TargetEnvironment.DEV)
    problem = "'name' is missing, expected one for a job of tasks; add it"
    assert [one.problem for one in name_findings(jobs, "churn")] == [problem, problem]


def test_a_job_is_judged_where_it_goes_and_where_it_differs() -> None:
    rows = [{"notebook": "a"}, {"notebook": "b", "environments": {"prod": {}, "dev": {}}}]
    found = in_every_environment(jobs_file(*rows), TargetEnvironment.DEV)
    assert [(one.title, one.environment.value) for one in found] == [("a", "dev"), ("b", "dev"), ("b", "prod")]


def test_mistakes_of_every_kind_are_told_together(tmp_path: Path) -> None:
    config = job(notebook="absent.py", schedule={"quartz_cron_expression": "x", "timezone_id": "y"},
                 parameters={"a b": "1"}, smoke_test={"tasks": ["z"]})
    assert sorted(one.path.partition(".")[2] for one in job_findings(config, checkout(tmp_path))) == [
        "notebook", 'parameters["a b"]', "schedule.quartz_cron_expression", "schedule.timezone_id",
        "smoke_test.tasks[0]"]
