from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.job_libraries import LibraryFiles, has_default_libraries, has_own_libraries
from tests.steps.lib.documents import document, team_file
from tests.steps.lib.jobs.job_files import job

FILES = LibraryFiles(document({"libraries": {"pypi": ["pandas==2"]}}), team_file("libraries", {"jar": ["/team.jar"]}))
SHARED: dict[str, Any] = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}


@pytest.mark.parametrize(("libraries", "expected"), [
    pytest.param("default", ["/team.jar", "pandas==2"], id="default"),
    pytest.param("none", [], id="none-not-even-the-teams"),
    pytest.param({"pypi": ["numpy"]}, ["/team.jar", "numpy"], id="own-and-the-teams"),
    pytest.param({}, ["/team.jar"], id="own-without-any"),
    pytest.param(None, [], id="null"),
])
def test_a_job_gets_the_libraries_it_asks_for(libraries: Any, expected: list[str]) -> None:
    assert [one.written for one in FILES.of(job(libraries=libraries)).chosen] == expected


@pytest.mark.parametrize(("fields", "default", "own"), [
    ({"libraries": "default"}, True, False), ({"libraries": "none"}, False, True), ({"libraries": {}}, False, True),
    (SHARED, False, False),
], ids=["default", "none", "own", "shared"])
def test_a_job_says_whether_it_has_its_own(fields: dict[str, Any], default: bool, own: bool) -> None:
    assert (has_default_libraries(job(**fields)), has_own_libraries(job(**fields))) == (default, own)


def test_two_versions_are_told_in_the_file_of_jobs() -> None:
    files = LibraryFiles(document({}), team_file("libraries", {"pypi": ["pandas==1"]}))
    [finding] = files.of(job(libraries={"pypi": ["pandas==2"]})).findings
    assert (finding.file, finding.path) == ("jobs_config.json", "jobs[0].libraries.pypi[0]")
