"""Workspace folders, DBFS and Git folders through the legacy databricks-cli."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from tests.clients.databricks_cli.conftest import Cli
from tests.clients.git_place import GitPlace
from tests.sandbox.databricks.conftest import Client

PROVIDER = "azureDevOpsServices"
SOURCE = "# Databricks notebook source\nprint(1)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "deep").mkdir(parents=True)
    (folder / "train.py").write_text(f"{SOURCE}\n", encoding="utf-8")
    (folder / "deep" / "query.sql").write_text("-- Databricks notebook source\nselect 1\n", encoding="utf-8")
    return folder


def test_a_folder_goes_to_the_workspace_and_comes_back(cli: Cli, project: Path, tmp_path: Path) -> None:
    """H: workspace import_dir and export_dir."""
    cli("workspace", "import_dir", project, "/Shared/project")
    assert cli("workspace", "ls", "/Shared/project").split() == ["deep", "train"]
    assert cli("workspace", "ls", "-l", "/Shared/project/deep").split() == ["NOTEBOOK", "query", "SQL"]
    cli("workspace", "export_dir", "/Shared/project", tmp_path / "back")
    assert (tmp_path / "back" / "train.py").read_text().strip() == SOURCE
    assert (tmp_path / "back" / "deep" / "query.sql").is_file()


def test_one_file_goes_and_comes(cli: Cli, project: Path, tmp_path: Path) -> None:
    """F7: what is there is only overwritten when asked; F9: a full folder is only deleted when asked."""
    words = ("workspace", "import", "-l", "PYTHON", project / "train.py", "/Shared/train")
    cli(*words)
    assert "already exists" in cli.refused(*words)
    cli(*words, "--overwrite")
    cli("workspace", "export", "--overwrite", "-f", "SOURCE", "/Shared/train", tmp_path / "train.py")
    assert (tmp_path / "train.py").read_text().strip() == SOURCE
    cli("workspace", "mkdirs", "/Shared/full/empty")
    assert "DIRECTORY_NOT_EMPTY" in cli.refused("workspace", "rm", "/Shared/full")
    cli("workspace", "rm", "--recursive", "/Shared/full")


def test_files_are_copied_to_dbfs_and_back(cli: Cli, project: Path, tmp_path: Path) -> None:
    """H: fs cp in both directions, in blocks."""
    (project / "blob").write_bytes(bytes(range(256)) * 8192)
    cli("fs", "cp", "--recursive", project, "dbfs:/judge")
    assert sorted(cli("fs", "ls", "dbfs:/judge").split()) == ["blob", "deep", "train.py"]
    cli("fs", "cp", "dbfs:/judge/blob", tmp_path / "blob")
    assert (tmp_path / "blob").read_bytes() == (project / "blob").read_bytes()
    assert cli("fs", "cat", "dbfs:/judge/train.py") == SOURCE
    cli("fs", "mv", "dbfs:/judge/blob", "dbfs:/judge/deep/blob")
    cli("fs", "mkdirs", "dbfs:/judge/new")
    cli("fs", "rm", "-r", "dbfs:/judge")
    assert "RESOURCE_DOES_NOT_EXIST" in cli.refused("fs", "ls", "dbfs:/judge")


def test_a_git_folder_follows_branch_and_tag(cli: Cli, workspace: Workspace, git: GitPlace) -> None:
    """H: repos update to a branch and to a tag; F2: a tag leaves no branch; F5: the client takes only a REPO."""
    workspace.add_folder("/Repos/judge", workspace.add_user("judge@example.test"))
    Client(workspace, workspace.token).post("2.0/git-credentials", git_provider=PROVIDER,
                                            personal_access_token=git.token)
    made = cli.read("repos", "create", "--url", git.url, "--provider", PROVIDER, "--path",
                    "/Repos/judge/churn")
    assert (made["branch"], made["head_commit_id"]) == ("main", git.first)
    cli("repos", "update", "--path", "/Repos/judge/churn", "--branch", "feature/x")
    at_branch = cli.read("repos", "get", "--repo-id", made["id"])
    cli("repos", "update", "--repo-id", made["id"], "--tag", "v1")
    at_tag = cli.read("repos", "get", "--path", "/Repos/judge/churn")
    assert (at_branch["branch"], at_branch["head_commit_id"]) == ("feature/x", git.second)
    assert (at_tag.get("branch"), at_tag["head_commit_id"]) == (None, git.first)
    assert [one["id"] for one in cli.read("repos", "list")["repos"]] == [made["id"]]
    assert "does not exist" in cli.refused("repos", "update", "--repo-id", made["id"], "--branch", "nope")
    cli("repos", "delete", "--path", "/Repos/judge/churn")
