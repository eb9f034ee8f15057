from __future__ import annotations

import pytest

from steps.lib.libraries.rules import cluster_libraries, runtime_findings
from tests.steps.lib.documents import document, team_file

LIBRARIES = cluster_libraries(document({"libraries": {"egg": ["/a.egg"], "requirements": ["/r.txt"]}}),
                              team_file("libraries", {"pypi": ["mlflow-skinny==2.22.0"]}))


def test_the_teams_libraries_are_added() -> None:
    assert [library.kind for library in LIBRARIES.chosen] == ["pypi", "egg", "requirements"]


@pytest.mark.parametrize(("key", "refused"), [
    ("13.3.x-scala2.12", ["libraries.requirements[0]"]),
    ("14.3.x-scala2.12", ["libraries.egg[0]", "libraries.requirements[0]"]),
    ("16.4.x-cpu-ml-scala2.12", ["libraries.egg[0]"]),
    ("custom:image", []),
    ("", []),
])
def test_types_a_runtime_does_not_take_are_refused(key: str, refused: list[str]) -> None:
    assert [finding.path for finding in runtime_findings(LIBRARIES, key)] == refused
