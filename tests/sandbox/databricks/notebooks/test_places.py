from __future__ import annotations

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.notebooks.libraries import pip_arguments
from sandbox.databricks.notebooks.places import find_runnable, resolved
from sandbox.databricks.workspace import Workspace
from sandbox.databricks.workspace_files.tree import Kind
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.notebooks.conftest import FOLDER, Bench


@pytest.mark.parametrize(("path", "meant"), [
    ("./b", "/r/n/b"), ("b", "/r/n/b"), ("../b", "/r/b"), ("../../../../b", "/b"), ("/x/b", "/x/b"), ("./", "/r/n"),
    ("/x/../b", "/b"),
])
def test_paths_are_relative_to_the_notebook_s_folder(path: str, meant: str) -> None:
    assert resolved(path, "/r/n/a") == meant


def test_imports_begin_in_the_notebook_s_folder_and_the_repository_s_root(bench: Bench) -> None:
    bench.notebook("notebooks/train", "1")
    disk = bench.workspace.state.files.tree.disk
    place = find_runnable(bench.workspace.state.files, f"{FOLDER}/notebooks/train", bench.anna)
    assert place.import_folders == (str(disk(f"{FOLDER}/notebooks")), str(disk(FOLDER)))


def test_outside_a_git_folder_only_the_own_folder_counts(bench: Bench) -> None:
    tree = bench.workspace.state.files.tree
    tree.write("/Shared/train.py", b"# Databricks notebook source\n1\n")
    assert find_runnable(bench.workspace.state.files, "/Shared/train", bench.anna).import_folders == (
        str(tree.disk("/Shared")),)


@pytest.fixture
def experiment(admin: Client) -> str:
    """The path of an experiment, of which nothing is on disk."""
    path = "/Shared/churn"
    assert admin.post("2.0/mlflow/experiments/create", name=path).status == 200
    return path


@pytest.mark.parametrize("kind", [Kind.NOTEBOOK, Kind.FILE])
def test_an_experiment_is_not_run(bench: Bench, experiment: str, kind: Kind) -> None:
    with pytest.raises(ApiError, match=f"{experiment} is no {kind.value.lower()} but a mlflow_experiment"):
        find_runnable(bench.workspace.state.files, experiment, bench.anna, kind)


def test_an_experiment_is_no_library(workspace: Workspace, experiment: str) -> None:
    with pytest.raises(ApiError, match=f"Library {experiment} does not exist"):
        pip_arguments(workspace.state.files, [{"whl": experiment}], from_index=False)
