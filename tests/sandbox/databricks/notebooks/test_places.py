from __future__ import annotations

import pytest

from sandbox.databricks.notebooks.places import find_runnable, resolved
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
