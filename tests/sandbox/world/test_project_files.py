from __future__ import annotations

import re

from sandbox.azure_devops.git.bare_repository import File
from sandbox.world.project_files import PROJECT_FOLDER, files_below, project_files, release_tag


def test_project_holds_what_a_run_needs_and_nothing_that_git_ignores() -> None:
    files = project_files(PROJECT_FOLDER / ".sandbox")
    assert {"pipelines/pipeline_cluster_config.yml", "requirements.txt", "steps/lib/agent.py"} <= set(files)
    ignored = re.compile(r"(^|/)(\.venv|\.git|\.sandbox|__pycache__|\.mypy_cache|\.hypothesis)/")
    assert not [path for path in files if ignored.search(path)]


def test_what_judges_the_library_is_no_part_of_it() -> None:
    files = project_files(PROJECT_FOLDER / ".sandbox")
    assert not [path for path in files if path.startswith(("sandbox/", "tests/"))]
    assert "setup/scaffold/tests/test_customers.py" in files


def test_own_state_folder_is_left_out() -> None:
    assert not [path for path in project_files(PROJECT_FOLDER / "steps") if path.startswith("steps/")]


def test_executables_stay_executable() -> None:
    assert project_files(PROJECT_FOLDER / ".sandbox")[".ci/run"].executable


def test_files_below_a_folder_lose_its_name() -> None:
    files = {"a/b/c.txt": File(b"1"), "ab.txt": File(b"2")}
    assert files_below("a", files) == {"b/c.txt": File(b"1")}


def test_release_is_the_newest_of_the_changelog() -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+", release_tag())
