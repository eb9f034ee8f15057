"""The clusters of jobs, computed in front of a live workspace."""
from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from steps.generate_cluster_config import step
from tests.steps.bench import Bench
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped

JOBS = "jobs_config.json"
IDENTITY = {"environment": "local", "repo": "churn", "branch": "*", "managed_by": "brickline"}
TEAM = {"department": "data-science"}
RUN = {
    "spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "enable_elastic_disk": True,
    "autoscale": {"min_workers": 1, "max_workers": 4}, "spark_conf": {"spark.databricks.delta.preview.enabled": "true"},
    "azure_attributes": {"first_on_demand": 1, "availability": "SPOT_WITH_FALLBACK_AZURE", "spot_bid_max_price": -1}}
DEFAULT = {"notebook": "n/a.py", "name": "default", "cluster_type": "jobs", "new_cluster": "default",
           "libraries": "default"}


@pytest.fixture
def product(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    """What is shipped, in front of a live workspace, deployed from a release tag."""
    (tmp_path / "checkout").mkdir()
    folder = shipped(tmp_path / "checkout", capsys)
    workspaces = "teams/data_science/workspaces.json"
    shutil.copy(bench.folder / workspaces, folder.path(workspaces))
    folder.environ = {**bench.environ, **folder.environ, "PIPELINE_TYPE": "jobs", "SOURCE_BRANCH": "refs/tags/v1"}
    return folder


def test_the_shared_cluster_is_written_and_the_workspace_takes_it(product: ProductFolder, bench: Bench) -> None:
    assert product.run(step) == (0, [])
    body = product.generated("cluster_config.json")
    assert body.pop("cluster_name").startswith("local-churn-")
    assert body == {**RUN, "autotermination_minutes": 60, "data_security_mode": "USER_ISOLATION",
                    "custom_tags": {**TEAM, "cost_center": "retail-4711", **IDENTITY}}
    bench.by_hand("/api/2.1/clusters/create", product.generated("cluster_config.json"))


def test_the_default_cluster_and_each_own_one_are_written(product: ProductFolder) -> None:
    assert product.run(step) == (0, [])
    assert product.generated("job_clusters.json") == {
        "default": {**RUN, "custom_tags": {**TEAM, "cost_center": "retail-4711"}},
        "jobs": {"local-churn-summarise_numbers-own-cluster": {**RUN, "custom_tags": TEAM}}}


def test_the_access_list_of_the_shared_cluster_has_team_and_principals(product: ProductFolder, bench: Bench) -> None:
    product.run(step)
    assert product.generated("access_control_list.json") == {"access_control_list": [
        {"group_name": "data-science-leads", "permission_level": "CAN_ATTACH_TO"},
        {"service_principal_name": bench.principal.client_id, "permission_level": "CAN_MANAGE"}]}


@pytest.mark.parametrize(("jobs", "said", "files"), [
    (None, "true", {"cluster_config.json", "access_control_list.json", "job_clusters.json"}),
    ([DEFAULT], "false", {"job_clusters.json"}),
], ids=["some-job-shares", "no-job-shares"])
def test_later_steps_are_told_whether_there_is_a_shared_cluster(
        product: ProductFolder, jobs: Any, said: str, files: set[str]) -> None:
    product.run(step)
    if jobs:
        product.write(JOBS, {"jobs": jobs})
        product.run(step)
    assert f"##vso[task.setvariable variable=highConcurrency;isOutput=true]{said}" in product.lines
    assert {path.name for path in (product.root / "generated").iterdir()} == files


def test_the_log_says_who_set_each_value_of_each_cluster(product: ProductFolder) -> None:
    product.run(step)
    groups = [line.removeprefix("##[group]") for line in product.lines if line.startswith("##[group]")]
    assert groups == ["Who set what: high-concurrency cluster", "Who set what: access",
                      "Who set what: default cluster of jobs", "Who set what: cluster of summarise_numbers/own-cluster"]
    [*_, size] = [line.split() for line in product.lines if line.startswith("autoscale.max_workers")]
    assert size == ["autoscale.max_workers", "4", "jobs_config.json:33"]


def test_what_the_workspace_cannot_serve_is_told_in_the_file_of_jobs(product: ProductFolder) -> None:
    config = json.loads(product.path(JOBS).read_text("utf-8"))
    config["jobs"][2]["new_cluster"]["node_type_id"] = "Standard_DS3_v9"
    product.write(JOBS, config)
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert errors[0].startswith("jobs_config.json:30: jobs[2].new_cluster.node_type_id: 'Standard_DS3_v9' is no node")


def test_a_mistake_of_the_common_file_is_told_once_for_all_clusters(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster={"node_type_id": "Standard_DS3_v9"})
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert not (product.root / "generated").exists()


def test_differences_of_the_environment_count(product: ProductFolder) -> None:
    own = {"spark_version": {"version": "16.4", "ml": False, "gpu": False}, "node_type_id": "Standard_DS3_v2",
           "num_workers": 1}
    environments = {"local": {"new_cluster": {"num_workers": 7}}, "prod": {"new_cluster": {"num_workers": 9}}}
    product.write(JOBS, {"jobs": [{**DEFAULT, "new_cluster": own, "environments": environments}]})
    assert product.run(step) == (0, [])
    [cluster] = product.generated("job_clusters.json")["jobs"].values()
    assert cluster["num_workers"] == 7


def test_nothing_is_written_to_the_workspace(product: ProductFolder, bench: Bench) -> None:
    product.run(step)
    assert bench.calls() == ["GET /api/2.1/clusters/spark-versions", "GET /api/2.1/clusters/list-node-types"]
