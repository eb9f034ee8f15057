from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from steps.validate_config import step
from tests.steps.product_folder import PRODUCT, ProductFolder, shipped


@pytest.fixture
def product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    return shipped(tmp_path, capsys)


def test_what_is_shipped_is_sound(product: ProductFolder) -> None:
    assert product.run(step) == (0, [])
    assert product.lines[-1] == "7 files checked, 0 mistakes"


@pytest.mark.parametrize("team", ["data_science", "data_engineering"])
@pytest.mark.parametrize("environment", ["local", "dev", "test", "prod"])
def test_every_team_serves_every_environment(product: ProductFolder, team: str, environment: str) -> None:
    product.change(PRODUCT, workspace_name=team)
    assert product.run(step, TARGET_ENVIRONMENT=environment) == (0, [])


@pytest.mark.parametrize(("fields", "expected"), [
    pytest.param({"workspace_name": "data_sience"}, "workspace_name: got 'data_sience', expected one of "
                 "'data_engineering', 'data_science'; did you mean 'data_science'?", id="unknown-workspace"),
    pytest.param({"libaries": {}}, "libaries: unknown field, expected a known one; did you mean 'libraries'?",
                 id="unknown-field"),
    pytest.param({"cluster": {"node_type_id": 3}}, "cluster_parameters.node_type_id: got 3, expected a text",
                 id="wrong-type"),
    pytest.param({"cluster": {"enable_elastic_disk": False}}, "cluster_parameters.enable_elastic_disk: got false, "
                 "locked to true by teams/data_science/cluster_config.json:", id="locked-value"),
    pytest.param({"cluster": {"spark_version": {"version": "16.4", "ml": False, "gpu": True}}},
                 "cluster_parameters.spark_version: got gpu without ml, which no runtime offers",
                 id="impossible-runtime"),
    pytest.param({"cluster": {"spark_version": {"version": "16.9", "ml": False, "gpu": False}}},
                 "cluster_parameters.spark_version: there is no runtime '16.9'", id="unknown-runtime"),
    pytest.param({"cluster": {"autoscale": {"min_workers": 5, "max_workers": 4}}},
                 "cluster_parameters.autoscale.max_workers: got min_workers 5 and max_workers 4", id="bounds-crossed"),
    pytest.param({"cluster": {"autoscale": {"min_workers": 1, "max_workers": 4.5}}},
                 "cluster_parameters.autoscale.max_workers: got 4.5, expected a whole number", id="half-a-worker"),
    pytest.param({"cluster": {"autoscale": {"max_workers": 4}}},
                 "cluster_parameters.autoscale: 'min_workers' is missing beside 'max_workers' of", id="one-bound"),
    pytest.param({"cluster": {"autotermination_minutes": 6.0}},
                 "cluster_parameters.autotermination_minutes: got 6, expected 10 to 10000", id="minutes-as-a-fraction"),
    pytest.param({"access_control_list": ["anna.example.com"]}, "access_control_list[0]: got 'anna.example.com', "
                 "expected e-mail address of a user", id="no-e-mail"),
    pytest.param({"access_control_list": [{"group_name": "g", "permission_level": "CAN_MANAGE"}]},
                 "access_control_list[0].permission_level: got 'CAN_MANAGE', expected at most 'CAN_RESTART' as "
                 "teams/data_science/access_control_list.json:", id="level-above-maximum"),
    pytest.param({"libraries": {"pypi": [{"pypi": {"package": "a"}, "jar": "/a.jar"}]}},
                 "libraries.pypi[0]: has the types 'jar', 'pypi', expected one", id="two-types"),
    pytest.param({"libraries": {"pypi": ["MLflow_skinny==2.0.0"]}}, "libraries.pypi[0]: wants 'MLflow_skinny==2.0.0', "
                 "but teams/data_science/libraries.json:3 wants 'mlflow-skinny==2.22.0'", id="two-versions"),
    pytest.param({"libraries": {"egg": ["dbfs:/a.egg"]}},
                 "libraries.egg[0]: runtime '16.4.x-scala2.12' takes no eggs", id="type-the-runtime-lacks"),
    pytest.param({"cluster": {"custom_tags": {"branch": "mine"}}},
                 "cluster_parameters.custom_tags.branch: set by convention", id="reserved-tag"),
])
def test_bad_input_is_told_once_with_file_line_and_path(
        product: ProductFolder, fields: dict[str, Any], expected: str) -> None:
    product.change(PRODUCT, **fields)
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1), errors
    assert re.match(rf"{re.escape(PRODUCT)}:\d+: {re.escape(expected)}", errors[0])


def test_a_bound_that_the_team_fixed_need_not_be_repeated(product: ProductFolder) -> None:
    template = json.loads(product.path("teams/data_science/cluster_config.json").read_text("utf-8"))
    template["autoscale"]["min_workers"] = 2
    product.write("teams/data_science/cluster_config.json", template)
    product.change(PRODUCT, cluster={"autoscale": {"max_workers": 3}})
    assert product.run(step) == (0, [])


def test_a_whole_number_may_be_written_as_a_fraction(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster={"autoscale": {"min_workers": 1, "max_workers": 4.0}})
    assert product.run(step) == (0, [])


def test_what_nobody_set_is_told(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster_parameters={})
    code, errors = product.run(step)
    assert (code, [error.partition("parameters: ")[2].partition(" is missing")[0] for error in errors]) == (
        2, ["'node_type_id'", "'spark_version'", "the size"])


@pytest.mark.parametrize(("file", "content", "expected"), [
    pytest.param(PRODUCT, '{\n "a": 1,\n}', f"{PRODUCT}:3: column 1: got '}}' after a comma", id="malformed"),
    pytest.param(PRODUCT, "[" * 5000, f"{PRODUCT}:1: column 42: nested deeper than 40 levels", id="depth-bomb"),
    pytest.param(PRODUCT, '{"workspace_name": NaN}', f"{PRODUCT}:1: column 20: got 'NaN'", id="nan"),
    pytest.param("environment_config.json", "{}", "environment_config.json:1: 'dev' is missing", id="no-environment"),
    pytest.param("teams/data_science/libraries.json", "[]", "teams/data_science/libraries.json:1: got a list",
                 id="team-list"),
    pytest.param("teams/data_science/cluster_config.json", '{"custom_tags": {}}',
                 "teams/data_science/cluster_config.json:1: 'spark_version' is missing", id="template"),
])
def test_a_bad_file_is_told(product: ProductFolder, file: str, content: str, expected: str) -> None:
    product.write(file, content)
    code, errors = product.run(step)
    assert code == 2
    assert any(error.startswith(expected) for error in errors), errors


def test_a_broken_template_forbids_nothing_it_may_have_allowed(product: ProductFolder) -> None:
    product.change("teams/data_science/cluster_config.json", autoscale=5)
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 1)


def test_four_mistakes_of_four_kinds_are_shown_together(product: ProductFolder) -> None:
    product.change(PRODUCT, cluster={"node_typ_id": "x", "enable_elastic_disk": False}, access_control_list=["anna"],
                   libraries={"pypi": ["mlflow-skinny==1"]})
    code, errors = product.run(step)
    assert code == 2
    assert [error.partition(": ")[2].partition(": ")[0] for error in errors] == [
        "cluster_parameters.node_typ_id", "cluster_parameters.enable_elastic_disk", "access_control_list[0]",
        "libraries.pypi[0]"]
    assert "7 files checked, 4 mistakes; nothing was changed" in product.lines


def test_mistakes_of_all_files_come_sorted_by_file_and_line(product: ProductFolder) -> None:
    product.change(PRODUCT, zzz=1)
    product.change("environment_config.json", dev={})
    product.change("teams/data_science/jobs_config.json", name="x")
    files = [error.partition(":")[0] for error in product.run(step)[1]]
    assert files == [PRODUCT, *["environment_config.json"] * 3, "teams/data_science/jobs_config.json"]


@pytest.mark.parametrize(("branch", "words"), [
    pytest.param("refs/heads/a b", "'a b' cannot name a git branch because of ' '", id="space"),
    pytest.param("refs/tags/v1", "got 'refs/tags/v1', expected a branch", id="tag"),
    pytest.param("$(Build.SourceBranch)", "variable 'Build.SourceBranch' is not defined", id="literal-macro"),
    pytest.param("", "SOURCE_BRANCH: missing", id="empty"),
])
def test_a_ref_that_is_no_branch_is_told(product: ProductFolder, branch: str, words: str) -> None:
    code, errors = product.run(step, SOURCE_BRANCH=branch)
    assert (code, len(errors)) == (2, 1)
    assert words in errors[0]


@pytest.mark.parametrize("branch", ["$(x)", "it's-\"quoted\"", "größe/特徴", "x" * 250, "a;b]c%d"])
def test_an_odd_branch_that_git_takes_is_fine(product: ProductFolder, branch: str) -> None:
    assert product.run(step, SOURCE_BRANCH=f"refs/heads/{branch}") == (0, [])


def test_no_text_of_a_file_becomes_a_command_of_the_agent(product: ProductFolder) -> None:
    evil = "##vso[task.setvariable variable=x]y\n##vso[task.complete result=Succeeded]"
    product.write(PRODUCT, {"workspace_name": evil, "access_control_list": [evil], evil: evil})
    product.run(step, REPOSITORY_NAME=evil)
    commands = [line for line in product.lines if "##vso[" in line.removeprefix("##vso[task.logissue type=error]")]
    assert commands == []


def test_a_wrong_folder_of_teams_is_told(product: ProductFolder) -> None:
    code, errors = product.run(step, TEAMS_DIRECTORY=str(product.root / "absent"))
    assert (code, "TEAMS_DIRECTORY" in errors[0]) == (2, True)


def test_a_flood_of_mistakes_is_cut(product: ProductFolder) -> None:
    product.change(PRODUCT, access_control_list=["x"] * 150)
    code, errors = product.run(step)
    assert (code, len(errors)) == (2, 101)
    assert errors[-1] == "50 more mistakes are not shown; correct these first"
