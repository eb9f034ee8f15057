from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.runtime_key import bundled_keys, key_for
from steps.lib.config.provenance import nested
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.run_clusters import ClusterFiles
from steps.lib.jobs.shared_cluster import language_findings
from steps.lib.jobs.wanted_clusters import WantedClusters, wanted_clusters
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import document, team_file
from tests.steps.lib.jobs.job_files import job

RUNTIME = {"version": "16.4", "ml": False, "gpu": False}
PARAMETERS = {"spark_version": RUNTIME, "node_type_id": "Standard_DS3_v2", "num_workers": 1}
TEMPLATE: dict[str, Any] = dict.fromkeys((
    "spark_version", "node_type_id", "num_workers", "autoscale", "autotermination_minutes", "custom_tags", "spark_conf",
    "data_security_mode"))
SHARED: dict[str, Any] = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}
BODY = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}


def wanted(*jobs: JobConfig, template: dict[str, Any] | None = None, **parameters: Any) -> WantedClusters:
    product = document({"cluster_parameters": {**PARAMETERS, **parameters}})
    files = ClusterFiles(product, team_file("cluster_config", {**TEMPLATE, **(template or {})}), "churn",
                         TargetEnvironment.DEV, lambda runtime: key_for(runtime, bundled_keys()))
    return wanted_clusters(files, jobs)


def shared_body(**parameters: Any) -> dict[str, Any]:
    found = wanted(job(**SHARED), **parameters).shared
    assert found is not None
    assert found.findings() == []
    return nested(found.config.values)


def shared_problems(**parameters: Any) -> list[str]:
    found = wanted(job(**SHARED), **parameters).shared
    return [f"{one.path}: {one.problem}" for one in found.findings()] if found else []


@pytest.mark.parametrize(("jobs", "kinds"), [
    ([], (False, False, 0)), ([job(**SHARED)], (True, False, 0)), ([job()], (False, True, 0)),
    ([job(new_cluster=PARAMETERS)], (False, False, 1)),
    ([job(**SHARED), job(), job(name="x"), job(name="y", new_cluster=PARAMETERS)], (True, True, 1)),
], ids=["none", "shared", "default", "own", "all"])
def test_only_what_some_job_needs_is_made(jobs: list[JobConfig], kinds: tuple[bool, bool, int]) -> None:
    found = wanted(*jobs)
    assert (found.shared is not None, found.default is not None, len(found.own)) == kinds
    assert len(list(found)) == sum(kinds)


def test_the_shared_cluster_is_that_of_no_branch_and_open_to_many_users() -> None:
    body = shared_body()
    assert body.pop("cluster_name").startswith("dev-churn-")
    assert body == {**BODY, "autotermination_minutes": 120, "data_security_mode": "USER_ISOLATION", "custom_tags": {
        "environment": "dev", "repo": "churn", "branch": "*", "managed_by": "brickline"}}


@pytest.mark.parametrize(("version", "is_legacy"), [("16.4", False), ("11.3", False), ("10.4", True), ("9.1", True)])
def test_the_runtime_decides_how_many_users_are_let_in(version: str, is_legacy: bool) -> None:
    body = shared_body(spark_version={**RUNTIME, "version": version})
    assert body.get("data_security_mode") == (None if is_legacy else "USER_ISOLATION")
    profile = {"spark.databricks.cluster.profile": "serverless",
               "spark.databricks.repl.allowedLanguages": "sql,python,r"}
    assert body.get("spark_conf") == (profile if is_legacy else None)
    assert body["custom_tags"].get("ResourceClass") == ("Serverless" if is_legacy else None)


@pytest.mark.parametrize("mode", ["USER_ISOLATION", "DATA_SECURITY_MODE_STANDARD"])
def test_a_mode_for_many_users_stays_as_it_was_set(mode: str) -> None:
    assert shared_body(data_security_mode=mode)["data_security_mode"] == mode


@pytest.mark.parametrize(("parameters", "words"), [
    pytest.param({"data_security_mode": "SINGLE_USER"}, "cluster_parameters.data_security_mode: got 'SINGLE_USER' for "
                 "the high-concurrency cluster, expected 'USER_ISOLATION'; change it, or give the jobs",
                 id="dedicated"),
    pytest.param({"data_security_mode": "NONE"}, "cluster_parameters.data_security_mode: got 'NONE'",
                 id="no-isolation"),
    pytest.param({"spark_version": {**RUNTIME, "ml": True}}, "cluster_parameters.spark_version: the ML runtime "
                 "'16.4.x-cpu-ml-scala2.12' cannot be shared by many users", id="ml"),
    pytest.param({"spark_version": {**RUNTIME, "version": "10.4"}, "num_workers": 0}, "cluster_parameters.num_workers: "
                 "makes the profile 'singleNode', expected one for many users, 'serverless'", id="old-and-alone"),
    pytest.param({"spark_version": {**RUNTIME, "version": "10.4"}, "spark_conf": {
        "spark.databricks.cluster.profile": "x"}}, 'cluster_parameters.spark_conf["spark.databricks.cluster.profile"]: '
                 "makes the profile 'x'", id="old-with-another-profile"),
    pytest.param({"template": {"data_security_mode": "SINGLE_USER"}}, "data_security_mode: got 'SINGLE_USER' for",
                 id="locked-by-the-team"),
])
def test_what_cannot_be_shared_is_told_once(parameters: dict[str, Any], words: str) -> None:
    [problem] = shared_problems(**parameters)
    assert problem.startswith(words)


@pytest.mark.parametrize(("fields", "key", "problems"), [
    pytest.param({"notebook": "a.R"}, "16.4.x-scala2.12", 1, id="r"),
    pytest.param({"notebook": "a.R"}, "10.4.x-scala2.12", 0, id="r-on-an-old-runtime"),
    pytest.param({"notebook": "a.py"}, "16.4.x-scala2.12", 0, id="python"),
    pytest.param({"notebook": "a.r", "cluster_type": "jobs"}, "16.4.x-scala2.12", 0, id="r-on-its-own-cluster"),
    pytest.param({"notebook": "a.r"}, "", 0, id="runtime-not-known"),
])
def test_r_does_not_run_where_many_users_are_kept_apart(fields: dict[str, Any], key: str, problems: int) -> None:
    assert len(language_findings(job(**{**SHARED, **fields}), key)) == problems


def test_a_cluster_of_a_run_has_no_name_no_end_and_no_tags_of_the_shared_one() -> None:
    found = wanted(job(), autotermination_minutes=60, custom_tags={"cost": "1"})
    assert found.parts.default == {**BODY, "custom_tags": {"cost": "1"}}


def test_a_cluster_of_a_run_may_be_dedicated_or_for_ml() -> None:
    found = wanted(job(), data_security_mode="SINGLE_USER", spark_version={**RUNTIME, "ml": True})
    assert [finding for one in found for finding in one.findings()] == []


def test_a_job_with_a_cluster_of_its_own_gets_just_that_and_what_the_team_locks() -> None:
    config = job(name="big", new_cluster={**PARAMETERS, "num_workers": 0})
    found = wanted(config, template={"spark_conf": {"a": "b"}}, custom_tags={"cost": "1"})
    assert found.parts.own == {"dev-churn-train-big": {
        **BODY, "num_workers": 0, "custom_tags": {"ResourceClass": "SingleNode"}, "spark_conf": {
            "a": "b", "spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}}}


@pytest.mark.parametrize(("own", "path"), [
    pytest.param({**PARAMETERS, "num_workers": 3}, "jobs[0].new_cluster.num_workers", id="locked"),
    pytest.param({**PARAMETERS, "policy_id": "x"}, "jobs[0].new_cluster.policy_id", id="not-allowed"),
    pytest.param({**PARAMETERS, "custom_tags": {"branch": "x"}}, "jobs[0].new_cluster.custom_tags.branch",
                 id="reserved"),
    pytest.param({**PARAMETERS, "custom_tags": {"a<b": "x"}}, 'jobs[0].new_cluster.custom_tags["a<b"]', id="odd-tag"),
    pytest.param({**PARAMETERS, "spark_version": {**RUNTIME, "gpu": True}}, "jobs[0].new_cluster.spark_version",
                 id="no-runtime"),
    pytest.param({"spark_version": RUNTIME}, "jobs[0].new_cluster", id="no-machine"),
])
def test_a_mistake_in_the_cluster_of_a_job_is_told_there(own: dict[str, Any], path: str) -> None:
    found = wanted(job(new_cluster=own), template={"num_workers": 1})
    [finding] = [finding for one in found for finding in one.findings()]
    assert (finding.file, finding.path) == ("jobs_config.json", path)


def test_a_mistake_of_one_environment_is_told_there() -> None:
    fields: dict[str, Any] = {"new_cluster": PARAMETERS, "environments": {"dev": {"new_cluster": {"num_workers": 3}}}}
    found = wanted(job(**fields), template={"num_workers": 1})
    assert [finding.path for one in found for finding in one.findings()] == [
        "jobs[0].environments.dev.new_cluster.num_workers"]
