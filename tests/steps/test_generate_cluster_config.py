from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from steps.generate_cluster_config import step
from tests.steps.bench import Bench
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped

BRANCH = "feature/first-model"
IDENTITY = {"environment": "local", "repo": "churn", "branch": BRANCH, "managed_by": "brickline"}


@pytest.fixture
def product(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    """What is shipped, in front of a live workspace."""
    (tmp_path / "checkout").mkdir()
    folder = shipped(tmp_path / "checkout", capsys)
    workspaces = "teams/data_science/workspaces.json"
    shutil.copy(bench.folder / workspaces, folder.path(workspaces))
    folder.environ = {**bench.environ, **folder.environ}
    return folder


def test_the_body_for_create_is_written(product: ProductFolder) -> None:
    assert product.run(step) == (0, [])
    body = product.generated("cluster_config.json")
    assert body.pop("cluster_name").startswith("local-churn-feature-first-model-")
    assert body == {
        "spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "enable_elastic_disk": True,
        "autoscale": {"min_workers": 1, "max_workers": 4}, "autotermination_minutes": 60,
        "custom_tags": {"department": "data-science", "cost_center": "retail-4711", **IDENTITY},
        "spark_conf": {"spark.databricks.delta.preview.enabled": "true"},
        "azure_attributes": {
            "first_on_demand": 1, "availability": "SPOT_WITH_FALLBACK_AZURE", "spot_bid_max_price": -1},
    }


def test_the_access_list_has_people_team_and_pipeline(product: ProductFolder, bench: Bench) -> None:
    product.change(PRODUCT, access_control_list=["anna@example.com"])
    assert product.run(step) == (0, [])
    assert product.generated("access_control_list.json") == {"access_control_list": [
        {"user_name": "anna@example.com", "permission_level": "CAN_RESTART"},
        {"group_name": "data-science-leads", "permission_level": "CAN_ATTACH_TO"},
        {"service_principal_name": bench.principal.client_id, "permission_level": "CAN_MANAGE"}]}


@pytest.mark.parametrize("line", [
    "autotermination_minutes                               60",
    'custom_tags.department                                "data-science"',
])
def test_the_log_says_who_set_each_value(product: ProductFolder, line: str) -> None:
    product.run(step)
    assert any(shown.startswith(line) for shown in product.lines)
    assert any(shown.split()[-1] == "convention" for shown in product.lines)


def test_nothing_is_written_to_the_workspace(product: ProductFolder, bench: Bench) -> None:
    product.run(step)
    assert bench.calls() == ["GET /api/2.1/clusters/spark-versions", "GET /api/2.1/clusters/list-node-types"]


def test_photon_is_asked_for_with_the_engine(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster={"spark_version": {"version": "16.4", "ml": False, "gpu": False, "photon": True}})
    assert product.run(step) == (0, [])
    body = product.generated("cluster_config.json")
    assert (body["spark_version"], body["runtime_engine"]) == ("16.4.x-scala2.12", "PHOTON")


@pytest.mark.parametrize(("changed", "expected"), [
    pytest.param({"node_type_id": "Standard_DS3_v3"}, "node_type_id: 'Standard_DS3_v3' is no node type of this "
                 "workspace, expected one such as 'Standard_DS3_v2'", id="unknown-node-type"),
    pytest.param({"spark_version": {"version": "16.4", "ml": True, "gpu": True}}, "node_type_id: 'Standard_DS3_v2' "
                 "has no GPU, which the runtime needs, expected one such as 'Standard_N", id="gpu-runtime-without-gpu"),
    pytest.param({"spark_version": {"version": "20.1", "ml": False, "gpu": False}}, "spark_version: there is no "
                 "runtime '20.1', expected one that exists; the nearest is '19'", id="runtime-this-workspace-has-not"),
])
def test_what_the_workspace_cannot_serve_is_told(
        product: ProductFolder, changed: dict[str, object], expected: str) -> None:
    product.change(PRODUCT, cluster=changed)
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)
    assert f": cluster_parameters.{expected}" in errors[0]
    assert not (product.root / "generated").exists()


@pytest.mark.parametrize("branch", ["$(x)", "it's-\"q\"", "größe", "x" * 250, "a;b]c%d"])
def test_an_odd_branch_gets_a_cluster_with_its_exact_tag(product: ProductFolder, bench: Bench, branch: str) -> None:
    assert product.run(step, SOURCE_BRANCH=f"refs/heads/{branch}") == (0, [])
    bench.by_hand("/api/2.1/clusters/create", product.generated("cluster_config.json"))
    assert bench.cluster().spec["custom_tags"]["branch"] == branch


def test_a_branch_git_could_not_have_is_told_before_any_request(product: ProductFolder, bench: Bench) -> None:
    code, errors = product.run(step, SOURCE_BRANCH="refs/heads/##vso[task.complete result=Succeeded]")
    assert (code, len(errors), bench.calls()) == (2, 1, [])
    assert "##vso[" not in errors[0]


def test_the_single_node_form_is_taken(product: ProductFolder, bench: Bench) -> None:
    product.change(PRODUCT, cluster_parameters={
        "spark_version": {"version": "16.4", "ml": True, "gpu": False}, "node_type_id": "Standard_DS3_v2",
        "num_workers": 0})
    assert product.run(step) == (0, [])
    body = product.generated("cluster_config.json")
    bench.by_hand("/api/2.1/clusters/create", body)
    assert bench.cluster().spec["custom_tags"]["ResourceClass"] == "SingleNode"


def test_a_level_above_the_teams_maximum_is_told_before_any_request(product: ProductFolder, bench: Bench) -> None:
    product.change(PRODUCT, access_control_list=[{"user_name": "anna@example.com", "permission_level": "CAN_MANAGE"}])
    assert product.run(step)[0] == 2
    assert bench.calls() == []
