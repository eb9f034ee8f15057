from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from setup.lib.copying.shipped_files import REMOTE_FILES, Owner, ShippedFile, shipped_files

VALUES = {"project": "it's", "cicd_repository": "ci cd", "cicd_ref": "refs/tags/v1.0.0", "default_branch": "trunk",
          "team": "data_engineering", "product": "churn"}


def shipped(path: str) -> ShippedFile:
    return next(file for file in shipped_files(VALUES, scaffold=True) if file.path == path)


def test_listeners_and_schemas_belong_to_the_library_and_the_rest_to_the_product() -> None:
    owned = {file.path for file in shipped_files(VALUES, scaffold=False) if file.owner is Owner.LIBRARY}
    assert "pipelines_definitions/pipeline_cluster.yml" in owned
    assert all(path.startswith("pipelines_definitions/") for path in owned)


def test_no_placeholder_is_left() -> None:
    everything = shipped_files(VALUES, scaffold=True)
    assert [file.path for file in everything if re.search(rb"\{\{\w+\}\}", file.content)] == []


def test_the_listener_calls_the_library_at_its_tag() -> None:
    resource = yaml.safe_load(shipped("pipelines_definitions/pipeline_cluster.yml").content)["resources"]
    assert resource["repositories"] == [{"repository": "cicd", "type": "git", "name": "it's/ci cd",
                                         "ref": "refs/tags/v1.0.0"}]


def test_the_listener_leaves_the_default_branch_alone() -> None:
    trigger = yaml.safe_load(shipped("pipelines_definitions/pipeline_cluster.yml").content)["trigger"]
    assert trigger["branches"]["exclude"] == ["trunk"]


def test_the_config_names_the_chosen_team() -> None:
    assert json.loads(shipped("cluster_and_libraries_config.json").content)["workspace_name"] == "data_engineering"


@pytest.mark.parametrize("path", sorted(REMOTE_FILES.rglob("*.yml")), ids=lambda path: path.name)
def test_a_placeholder_in_yaml_stands_in_single_quotes(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if "{{" in line.replace("${{", "")]
    assert [line for line in lines if not re.search(r"'[^']*\{\{\w+\}\}[^']*'", line)] == []


def test_only_the_scaffold_adds_its_files() -> None:
    plain = {file.path for file in shipped_files(VALUES, scaffold=False)}
    extra = {file.path for file in shipped_files(VALUES, scaffold=True)} - plain
    assert {"Makefile", "requirements.txt", "notebooks/train.py", "notebooks/score.py"} <= extra
