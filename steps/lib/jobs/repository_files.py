"""Whether the notebooks, Python files and wheels of a job are in the product repository, and are what they are called.

A source file is a notebook by its first line alone; without it Databricks syncs it as a plain file, which keeps its
ending: https://docs.databricks.com/notebooks/notebook-export-import.html
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from steps.lib.findings import Finding, nearest
from steps.lib.jobs.job_config import NOTEBOOK_ENDINGS, JobConfig
from steps.lib.json_files.json_path import JsonPath
from steps.lib.wording import got, names

FIRST_LINES = {".py": b"# Databricks notebook source", ".r": b"# Databricks notebook source",
               ".sql": b"-- Databricks notebook source", ".scala": b"// Databricks notebook source"}
_LONGEST_NAME = 255
_NOT_IN_A_PATH = re.compile(r"[\x00-\x1f\x7f\\]")


def file_findings(job: JobConfig, repository: Path) -> list[Finding]:
    """One finding for each file that is not there, leaves the repository, or is of another kind."""
    return [job.view.finding(place, problem) for place, problem in _problems(job, repository) if problem]


def _problems(job: JobConfig, repository: Path) -> Iterator[tuple[JsonPath, str]]:
    for place, task in job.tasks:
        notebook, python_file, wheel = (task.get(key) for key in ("notebook", "python_file", "wheel"))
        file = wheel.get("file") if isinstance(wheel, dict) else None
        if isinstance(notebook, str):
            yield (*place, "notebook"), _notebook_problem(repository, notebook)
        if isinstance(python_file, str):
            yield (*place, "python_file"), _python_problem(repository, python_file)
        if isinstance(file, str):
            yield (*place, "wheel", "file"), _file_problem(repository, file)


def _notebook_problem(repository: Path, written: str) -> str:
    problem = _path_problem(written)
    if problem:
        return problem
    if Path(written).suffix.lower() in NOTEBOOK_ENDINGS:
        return _file_problem(repository, written) or _kind_problem(repository / written)
    found = [written + ending for ending in NOTEBOOK_ENDINGS if not _file_problem(repository, written + ending)]
    if len(found) > 1:
        return f"{got(written)} may be any of {names(found)}, expected one; write its ending, too"
    return _kind_problem(repository / found[0]) if found else _absent(repository, written)


def _kind_problem(path: Path) -> str:
    first = FIRST_LINES.get(path.suffix.lower())
    if first is None or _first_line(path) == first:
        return ""
    return f"{got(path.name)} is a plain file, expected a notebook; make its first line {got(first.decode())}"


def _python_problem(repository: Path, written: str) -> str:
    problem = _file_problem(repository, written)
    if problem or _first_line(repository / written) != FIRST_LINES[".py"]:
        return problem
    return f"{got(written)} is a notebook by its first line, expected a plain Python file; name it as 'notebook'"


def _file_problem(repository: Path, written: str) -> str:
    problem = _path_problem(written)
    if problem:
        return problem
    if _is_behind_a_link(repository, written):
        return f"{got(written)} is behind a symbolic link, expected a plain file in plain folders"
    return "" if (repository / written).is_file() else _absent(repository, written)


def _is_behind_a_link(repository: Path, written: str) -> bool:
    # A link may lead out of the repository, and a Git folder of Databricks does not follow it.
    parts = written.split("/")
    return any(repository.joinpath(*parts[: count + 1]).is_symlink() for count in range(len(parts)))


def _path_problem(written: str) -> str:
    odd = _NOT_IN_A_PATH.search(written)
    if odd:
        return f"{got(written)} has {odd.group()!r}, expected a path with / between its folders"
    if written.startswith("/") or ".." in written.split("/"):
        return f"{got(written)} leads out of the repository, expected a path that begins at its top"
    if any(part in ("", ".") or len(part.encode()) > _LONGEST_NAME for part in written.split("/")):
        return f"{got(written)} has a part that can name nothing, expected a path such as 'notebooks/train.py'"
    return ""


def _absent(repository: Path, written: str) -> str:
    folder = (repository / written).parent
    name = Path(written).name
    near = nearest(name, [path.name for path in folder.iterdir()] if folder.is_dir() else [])
    kinds = f"one of the endings {names(NOTEBOOK_ENDINGS)}" if not Path(written).suffix else "a file"
    return f"{got(written)} is not in the repository, expected {kinds} there{near}"


def _first_line(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.readline(200).removeprefix(b"\xef\xbb\xbf").rstrip()
