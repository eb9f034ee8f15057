from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from steps.lib.jobs.repository_files import file_findings
from tests.steps.lib.jobs.job_files import checkout, job, tasks

SOURCE = "# Databricks notebook source\n"


def problems(repository: Path, **task: Any) -> list[str]:
    return [finding.problem for finding in file_findings(job(**tasks({"task_key": "a", **task})), repository)]


@pytest.mark.parametrize(("name", "text"), [
    ("n__a_dot_py", SOURCE), ("n__a_dot_py", SOURCE.replace("\n", "\r\n")), ("n__a_dot_r", SOURCE),
    ("n__a_dot_R", SOURCE), ("n__a_dot_sql", "-- Databricks notebook source\n"),
    ("n__a_dot_scala", "// Databricks notebook source"), ("n__a_dot_ipynb", "{}"),
], ids=["py", "windows", "r", "R", "sql", "scala", "ipynb"])
def test_a_notebook_of_each_language_is_found(tmp_path: Path, name: str, text: str) -> None:
    path = name.replace("__", "/").replace("_dot_", ".")
    assert problems(checkout(tmp_path, **{name: text}), notebook=path) == []


@pytest.mark.parametrize("written", ["notebooks/train.py", "notebooks/train"])
def test_the_ending_may_be_left_out(tmp_path: Path, written: str) -> None:
    assert problems(checkout(tmp_path), notebook=written) == []


@pytest.mark.parametrize(("written", "problem"), [
    pytest.param("notebooks/trian.py", "'notebooks/trian.py' is not in the repository, expected a file there; did you "
                 "mean 'train.py'?", id="typo"),
    pytest.param("notebooks/trian", "'notebooks/trian' is not in the repository, expected one of the endings '.py', "
                 "'.r', '.sql', '.scala', '.ipynb' there; did you mean 'train.py'?", id="typo-without-ending"),
    pytest.param("no/where.py", "'no/where.py' is not in the repository, expected a file there", id="no-folder"),
    pytest.param("notebooks", "'notebooks' is not in the repository", id="folder"),
    pytest.param("notebooks/train.txt", "'notebooks/train.txt' is not in the repository", id="other-ending"),
    pytest.param("/etc/hosts", "'/etc/hosts' leads out of the repository", id="absolute"),
    pytest.param("../x.py", "'../x.py' leads out of the repository", id="parent"),
    pytest.param("notebooks/../../x", "leads out of the repository", id="parent-inside"),
    pytest.param("notebooks\\train.py", "has '\\\\', expected a path with /", id="backslash"),
    pytest.param("notebooks/a\nb", "has '\\n'", id="line-break"),
    pytest.param("notebooks//train.py", "has a part that can name nothing", id="empty-part"),
    pytest.param("./notebooks/train.py", "has a part that can name nothing", id="idle-part"),
    pytest.param("notebooks/" + "x" * 280, "has a part that can name nothing", id="longer-than-a-name"),
    pytest.param("$(x)/${{ y }}/##vso[z", "is not in the repository", id="hostile"),
])
def test_a_notebook_that_is_not_there_is_told(tmp_path: Path, written: str, problem: str) -> None:
    [found] = problems(checkout(tmp_path), notebook=written)
    assert problem in found


def test_a_plain_file_is_no_notebook(tmp_path: Path) -> None:
    assert problems(checkout(tmp_path, a_dot_py="import this\n"), notebook="a.py") == [
        "'a.py' is a plain file, expected a notebook; make its first line '# Databricks notebook source'"]


def test_a_notebook_is_no_python_file(tmp_path: Path) -> None:
    [problem] = problems(checkout(tmp_path), python_file="notebooks/train.py")
    assert problem.endswith("is a notebook by its first line, expected a plain Python file; name it as 'notebook'")


def test_two_files_of_one_name_have_to_be_told_apart(tmp_path: Path) -> None:
    [problem] = problems(checkout(tmp_path, a_dot_py=SOURCE, a_dot_ipynb="{}"), notebook="a")
    assert problem == "'a' may be any of 'a.py', 'a.ipynb', expected one; write its ending, too"


def test_python_files_and_wheels_are_looked_for(tmp_path: Path) -> None:
    folder = checkout(tmp_path, src__load_dot_py="", dist__a_dot_whl="")
    assert problems(folder, python_file="src/load.py") == []
    assert problems(folder, wheel={"file": "dist/a.whl"}) == []
    assert problems(folder, wheel={"package_name": "from-the-libraries"}) == []
    assert len(problems(folder, python_file="src/lod.py") + problems(folder, wheel={"file": "../a.whl"})) == 2


@pytest.mark.parametrize("link", ["file", "folder"])
def test_nothing_behind_a_symbolic_link_is_taken(tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "product").mkdir()
    outside.mkdir()
    checkout(outside)
    folder = checkout(tmp_path / "product")
    if link == "file":
        (folder / "notebooks/linked.py").symlink_to(outside / "notebooks/train.py")
    else:
        (folder / "linked").symlink_to(outside / "notebooks")
    [problem] = problems(folder, notebook="notebooks/linked.py" if link == "file" else "linked/train.py")
    assert "is behind a symbolic link" in problem


def test_the_notebook_of_a_job_without_tasks_is_told_at_the_job(tmp_path: Path) -> None:
    [finding] = file_findings(job(notebook="absent.py"), checkout(tmp_path))
    assert finding.path == "jobs[0].notebook"
