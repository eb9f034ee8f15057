from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from steps.lib.config.product import product_config, workspace_of
from steps.lib.config.team import check_teams_directory, find_team, team_names
from steps.lib.databricks.workspace import ServicePrincipal
from steps.lib.entra.resource import PUBLIC_CLOUD_AUTHORITY
from steps.lib.errors import InputError
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import PRODUCT, document

DEV = TargetEnvironment.DEV
ROW = {"host": "https://adb-1.azuredatabricks.net/", "service_principals": [
    {"application_id": "id-1", "permission_level": "CAN_MANAGE"}]}


def teams(folder: Path, workspaces: Any) -> Path:
    for name in ("data_science", "data_engineering"):
        (folder / name).mkdir()
        (folder / name / "workspaces.json").write_text(json.dumps(workspaces), "utf-8")
    return folder


def refused(folder: Path, workspaces: Any, name: Any = "data_science") -> str:
    with pytest.raises(InputError) as caught:
        find_team(teams(folder, workspaces), document({"workspace_name": name})).workspace(DEV)
    return str(caught.value)


def test_the_workspace_of_an_environment(tmp_path: Path) -> None:
    team = find_team(teams(tmp_path, {"dev": ROW}), document({"workspace_name": "data_science"}))
    workspace = team.workspace(DEV)
    assert (workspace.host, workspace.entra_authority) == ("https://adb-1.azuredatabricks.net", PUBLIC_CLOUD_AUTHORITY)
    assert workspace.service_principals == (ServicePrincipal("id-1", "CAN_MANAGE", line=1),)
    assert workspace.file == "teams/data_science/workspaces.json"


def test_another_authority_is_kept(tmp_path: Path) -> None:
    content = {"entra_authority": "https://login.microsoftonline.us/", "dev": ROW}
    team = find_team(teams(tmp_path, content), document({"workspace_name": "data_science"}))
    assert team.workspace(DEV).entra_authority == "https://login.microsoftonline.us"


@pytest.mark.parametrize("name", ["data_sciense", "../data_science", "", "./data_science", ".", "DATA_SCIENCE"])
def test_an_unknown_workspace_name_lists_the_teams(tmp_path: Path, name: str) -> None:
    text = refused(tmp_path, {"dev": ROW}, name)
    assert text.startswith("cluster_and_libraries_config.json:2: workspace_name: ")
    assert not name or "expected one of 'data_engineering', 'data_science'" in text


def test_an_environment_the_team_has_not_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, {"prod": ROW}).startswith("teams/data_science/workspaces.json:1: dev: missing")


@pytest.mark.parametrize("row", [5, {"host": 5}, {"host": "https://x", "service_principals": [5]},
                                 {"host": "https://x", "service_principals": {}}])
def test_a_row_of_another_shape_is_an_input_error(tmp_path: Path, row: Any) -> None:
    assert refused(tmp_path, {"dev": row}).startswith("teams/data_science/workspaces.json:")


def test_only_folders_with_workspaces_are_teams(tmp_path: Path) -> None:
    (teams(tmp_path, {}) / "notes").mkdir()
    assert team_names(tmp_path) == ["data_engineering", "data_science"]


def test_a_teams_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="TEAMS_DIRECTORY"):
        check_teams_directory(tmp_path / "absent")


def test_the_workspace_of_a_product(tmp_path: Path) -> None:
    (tmp_path / "product").mkdir()
    (tmp_path / "product" / PRODUCT).write_text('{"workspace_name": "data_science"}', "utf-8")
    folder = teams(tmp_path, {"dev": ROW})
    assert workspace_of(tmp_path / "product", folder, DEV).name == "data_science"


def test_a_product_without_its_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cluster_and_libraries_config\.json: does not exist"):
        product_config(tmp_path)
