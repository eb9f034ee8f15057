from __future__ import annotations

import json
from typing import Any

import pytest

from steps.lib.errors import InputError
from steps.lib.jobs.parts import Parts
from tests.steps.lib.jobs.job_files import CLUSTER, body_of, deployed, job, tasks


@pytest.mark.parametrize(("written", "path"), [
    ("train", "train"), ("n/train.py", "n/train"), ("n/train.IPYNB", "n/train"), ("n/a.b", "n/a.b"),
    ("my notebooks/größe.sql", "my notebooks/größe"),
])
def test_a_notebook_is_named_in_the_git_folder_without_its_ending(written: str, path: str) -> None:
    assert body_of(notebook=written)["tasks"][0]["notebook_task"]["notebook_path"] == f"/Repos/dev/churn/{path}"


@pytest.mark.parametrize(("task", "key", "expected"), [
    pytest.param({"notebook": "a.py", "parameters": {"x": "1"}}, "notebook_task", {
        "notebook_path": "/Repos/dev/churn/a", "source": "WORKSPACE", "base_parameters": {"x": "1"}}, id="notebook"),
    pytest.param({"python_file": "src/a.py", "parameters": ["--x"]}, "spark_python_task", {
        "python_file": "/Repos/dev/churn/src/a.py", "source": "WORKSPACE", "parameters": ["--x"]}, id="python-file"),
    pytest.param({"wheel": {"package_name": "p", "entry_point": "e"}, "parameters": ["x"]}, "python_wheel_task", {
        "package_name": "p", "entry_point": "e", "parameters": ["x"]}, id="wheel-with-a-list"),
    pytest.param({"wheel": {"package_name": "p", "entry_point": "e"}, "parameters": {"x": "1"}}, "python_wheel_task", {
        "package_name": "p", "entry_point": "e", "named_parameters": {"x": "1"}}, id="wheel-with-names"),
    pytest.param({"wheel": {"package_name": "p", "entry_point": "e"}}, "python_wheel_task", {
        "package_name": "p", "entry_point": "e"}, id="wheel-alone"),
])
def test_each_kind_of_task_is_written_as_the_api_takes_it(task: dict[str, Any], key: str, expected: Any) -> None:
    assert body_of(**tasks({"task_key": "a", **task}))["tasks"][0][key] == expected


def test_a_wheel_of_the_repository_is_installed_for_its_task_alone() -> None:
    rows = tasks({"task_key": "a", "wheel": {"package_name": "p", "entry_point": "e", "file": "dist/p.whl"}},
                 {"task_key": "b"})
    assert [task["libraries"] for task in body_of(**rows)["tasks"]] == [
        [{"pypi": {"package": "pandas"}}, {"whl": "/Workspace/Repos/dev/churn/dist/p.whl"}],
        [{"pypi": {"package": "pandas"}}]]


def test_several_tasks_share_one_cluster_of_the_run() -> None:
    body = body_of(**tasks({"task_key": "a"}, {"task_key": "b"}))
    assert body["job_clusters"] == [{"job_cluster_key": "job_cluster", "new_cluster": CLUSTER}]
    assert [task["job_cluster_key"] for task in body["tasks"]] == ["job_cluster", "job_cluster"]


def test_one_task_has_its_cluster_inside() -> None:
    body = body_of(**tasks({"task_key": "a"}))
    assert "job_clusters" not in body
    assert body["tasks"][0]["new_cluster"] == CLUSTER


def test_tasks_on_the_shared_cluster_share_that() -> None:
    body = body_of(**tasks({"task_key": "a"}, {"task_key": "b"}), cluster_type="high_concurrency", new_cluster=None,
                   libraries=None)
    assert "job_clusters" not in body
    assert [task["existing_cluster_id"] for task in body["tasks"]] == ["0123-shared"] * 2


def test_tries_of_the_job_are_those_of_each_task_without_its_own() -> None:
    rows = tasks({"task_key": "a", "max_retries": 0}, {"task_key": "b"})
    assert [task["max_retries"] for task in body_of(**rows, max_retries=2)["tasks"]] == [0, 2]


def test_the_time_limit_of_a_job_is_not_that_of_its_only_task() -> None:
    body = body_of(timeout_seconds=60)
    assert (body["timeout_seconds"], "timeout_seconds" in body["tasks"][0]) == (60, False)


def test_dependencies_and_their_condition_are_sent() -> None:
    rows = tasks({"task_key": "a"}, {"task_key": "b", "depends_on": [{"task_key": "a"}], "run_if": "ALL_DONE"})
    task = body_of(**rows)["tasks"][1]
    assert (task["depends_on"], task["run_if"]) == ([{"task_key": "a"}], "ALL_DONE")


def test_no_libraries_are_no_field() -> None:
    parts = Parts("job_libraries.json", None, {"dev-churn-train": []})
    assert '"libraries"' not in json.dumps(deployed(job(libraries="none"), libraries=parts).body)


@pytest.mark.parametrize(("field", "parts", "written", "own"), [
    ("new_cluster", "clusters", {"num_workers": 3}, {"num_workers": 3, "spark_version": "x"}),
    ("libraries", "libraries", {"pypi": ["a"]}, [{"pypi": {"package": "a"}}]),
], ids=["cluster", "libraries"])
def test_a_job_gets_what_was_generated_for_it(field: str, parts: str, written: Any, own: Any) -> None:
    given: dict[str, Any] = {parts: Parts("x.json", None, {"dev-churn-train": own})}
    body: Any = deployed(job(**{field: written}), **given).body
    assert body["tasks"][0][field] == own


def test_generated_files_of_another_state_are_told() -> None:
    with pytest.raises(InputError, match=r"job_clusters\.json: nothing for the job 'dev-churn-train'"):
        deployed(job(new_cluster={"num_workers": 3}))
