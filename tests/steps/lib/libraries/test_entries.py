from __future__ import annotations

from typing import Any

import pytest

from steps.lib.libraries.entries import combine, libraries_of, mixed_entries
from tests.steps.lib.documents import document, team_file


def entries(libraries: Any) -> list[Any]:
    return [library.entry for library in libraries_of(document({"libraries": libraries}), ("libraries",))]


def together(team: Any, requested: Any) -> tuple[list[str], list[str]]:
    """The libraries chosen as written, and the problems."""
    chosen, findings = combine(libraries_of(team_file("libraries", team), ()),
                               libraries_of(document({"libraries": requested}), ("libraries",)))
    return [library.written for library in chosen], [str(finding) for finding in findings]


@pytest.mark.parametrize(("written", "entry"), [
    pytest.param({"pypi": ["a==1"]}, {"pypi": {"package": "a==1"}}, id="pypi"),
    pytest.param({"pypi": [{"package": "a", "repo": "https://r"}]}, {"pypi": {"package": "a", "repo": "https://r"}},
                 id="pypi-repo"),
    pytest.param({"maven": ["g:a:1"]}, {"maven": {"coordinates": "g:a:1"}}, id="maven"),
    pytest.param({"maven": [{"coordinates": "g:a:1", "exclusions": ["x:y"]}]},
                 {"maven": {"coordinates": "g:a:1", "exclusions": ["x:y"]}}, id="maven-exclusions"),
    pytest.param({"cran": ["forecast"]}, {"cran": {"package": "forecast"}}, id="cran"),
    pytest.param({"jar": ["/a.jar"]}, {"jar": "/a.jar"}, id="jar"),
    pytest.param({"whl": ["/a.whl"]}, {"whl": "/a.whl"}, id="whl"),
    pytest.param({"egg": ["/a.egg"]}, {"egg": "/a.egg"}, id="egg"),
    pytest.param({"requirements": ["/r.txt"]}, {"requirements": "/r.txt"}, id="requirements"),
])
def test_each_type_becomes_the_entry_of_the_api(written: Any, entry: Any) -> None:
    assert entries(written) == [entry]


@pytest.mark.parametrize(("team", "requested"), [
    pytest.param({"pypi": ["Pandas==2.2"]}, {"pypi": ["pandas == 2.2"]}, id="case-and-spaces"),
    pytest.param({"pypi": ["a_b.c>=1,<2"]}, {"pypi": ["A-B-C <2, >=1"]}, id="pep-503-and-order"),
    pytest.param({"pypi": ["a[x,y]"]}, {"pypi": ["a[Y, x]"]}, id="extras"),
    pytest.param({"pypi": [{"package": "a", "repo": "https://r/s/"}]},
                 {"pypi": [{"package": "a", "repo": "https://r/s"}]}, id="slash-of-repository"),
    pytest.param({"maven": ["g:a:1"]}, {"maven": [{"coordinates": "g:a:1"}]}, id="maven-object"),
    pytest.param({"jar": ["/a.jar"]}, {"jar": ["/a.jar"]}, id="same-file"),
    pytest.param({"cran": ["forecast"]}, {"cran": ["forecast"]}, id="cran"),
])
def test_the_same_library_counts_once_as_the_team_wrote_it(team: Any, requested: Any) -> None:
    chosen, findings = together(team, requested)
    assert chosen == together(team, {})[0]
    assert findings == []


@pytest.mark.parametrize(("team", "requested"), [
    pytest.param({"pypi": ["pandas==2.2.3"]}, {"pypi": ["Pandas==2.2.2"]}, id="version"),
    pytest.param({"pypi": ["pandas==2.2.3"]}, {"pypi": ["pandas"]}, id="pinned-and-not"),
    pytest.param({"pypi": ["a[x]==1"]}, {"pypi": ["a==1"]}, id="extras"),
    pytest.param({"pypi": ["a==1"]}, {"pypi": [{"package": "a==1", "repo": "https://r"}]}, id="repository"),
    pytest.param({"maven": ["g:a:1"]}, {"maven": ["g:a:2"]}, id="maven"),
    pytest.param({"maven": ["g:a:1"]}, {"maven": [{"coordinates": "g:a:1", "exclusions": ["x:y"]}]}, id="exclusions"),
    pytest.param({"cran": ["x"]}, {"cran": [{"package": "x", "repo": "https://r"}]}, id="cran-repository"),
    pytest.param({"whl": ["/our_lib-1-py3-none-any.whl"]}, {"whl": ["/x/our.lib-2-py3-none-any.whl"]}, id="wheel"),
    pytest.param({}, {"pypi": ["a==1", "A==2"]}, id="within-one-file"),
])
def test_two_versions_of_one_package_are_a_conflict(team: Any, requested: Any) -> None:
    assert len(together(team, requested)[1]) == 1


@pytest.mark.parametrize(("team", "requested"), [
    pytest.param({"pypi": ["forecast"]}, {"cran": ["forecast"]}, id="other-type"),
    pytest.param({"cran": ["data.table"]}, {"cran": ["Data.table"]}, id="cran-tells-case-apart"),
    pytest.param({"maven": ["g:a:1"]}, {"maven": ["g:b:1"]}, id="other-artifact"),
    pytest.param({"jar": ["/a-1.jar"]}, {"jar": ["/a-2.jar"]}, id="other-file"),
])
def test_different_libraries_stand_side_by_side(team: Any, requested: Any) -> None:
    chosen, findings = together(team, requested)
    assert (len(chosen), findings) == (2, [])


def test_a_conflict_names_both_files_and_lines() -> None:
    _, findings = together({"pypi": ["pandas==2.2.3"]}, {"pypi": ["Pandas==2.2.2"]})
    assert "".join(findings) == (
        "cluster_and_libraries_config.json:4: libraries.pypi[0]: wants 'Pandas==2.2.2', but "
        "teams/data_science/libraries.json:3 wants 'pandas==2.2.3' (pypi[0]), expected one version of a package; "
        "keep one of the two")


def test_the_teams_libraries_come_first() -> None:
    assert together({"pypi": ["z"], "maven": ["g:a:1"]}, {"pypi": ["a"]})[0] == ["z", "g:a:1", "a"]


@pytest.mark.parametrize(("entry", "types"), [
    pytest.param({"pypi": {"package": "a"}, "whl": "/a.whl"}, "'pypi', 'whl'", id="shape-of-the-api"),
    pytest.param({"package": "a", "coordinates": "g:a:1"}, "'maven', 'pypi'", id="keys-of-two-types"),
])
def test_an_entry_with_two_types_is_one_mistake(entry: Any, types: str) -> None:
    findings = mixed_entries(document({"libraries": {"pypi": ["a", entry]}}), ("libraries",))
    assert [finding.path for finding in findings] == ["libraries.pypi[1]"]
    assert f"has the types {types}, expected one" in findings[0].problem


@pytest.mark.parametrize("libraries", [None, [], {"pypi": 5}, {"pypi": [None, 5, {"package": "a"}]}, {"x": [{"y": 1}]}])
def test_anything_else_is_no_mixed_entry(libraries: Any) -> None:
    assert mixed_entries(document({"libraries": libraries}), ("libraries",)) == []
