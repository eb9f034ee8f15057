from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from setup.lib.bootstrap.inputs import CREDENTIALS, Inputs, read_inputs

EXAMPLE: dict[str, Any] = json.loads((Path(__file__).parents[4] / "setup/bootstrap.example.json").read_text())


def inputs(folder: Path, **changed: Any) -> Inputs:
    file = folder / "bootstrap.json"
    file.write_text(json.dumps(EXAMPLE | changed))
    return read_inputs(file, {})


def test_the_example_is_taken(tmp_path: Path) -> None:
    known = inputs(tmp_path)
    assert known.all_projects == ("platform", "analytics")
    assert set(known.credentials) == set(CREDENTIALS)


@pytest.mark.parametrize(("cicd", "projects", "expected"), [
    ("Platform", ["platform", "analytics"], ("platform", "analytics")),
    ("platform", ["analytics", "Analytics"], ("platform", "Analytics")),
], ids=["that of the library", "twice"])
def test_names_that_differ_in_case_are_one_project(
        tmp_path: Path, cicd: str, projects: list[str], expected: tuple[str, ...]) -> None:
    known = inputs(tmp_path, cicd={"project": cicd, "repository": "cicd"}, projects=projects)
    assert known.all_projects == expected


def test_the_group_of_the_set_up_lies_beside_the_library_whatever_the_case(tmp_path: Path) -> None:
    known = inputs(tmp_path, cicd={"project": "Platform", "repository": "cicd"}, projects=["platform"])
    assert [one.group for one in known.groups_of("platform")] == [f"brickline-{name}" for name in CREDENTIALS]
