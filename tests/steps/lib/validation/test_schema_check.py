from __future__ import annotations

from typing import Any

import pytest

from steps.lib.validation.schema_check import check
from tests.steps.lib.documents import document

CLUSTER: dict[str, Any] = {"spark_version": {"version": "16.4", "ml": False, "gpu": False}}


def problems(schema: str = "cluster_and_libraries_config", **fields: Any) -> list[str]:
    """What the schema says to a product file with these fields, without file and line."""
    data = {"workspace_name": "data_science", "cluster_parameters": CLUSTER, **fields}
    return [f"{finding.path}: {finding.problem}" for finding in check(document(data), schema).findings]


def of_cluster(**fields: Any) -> list[str]:
    return problems(cluster_parameters={**CLUSTER, **fields})


@pytest.mark.parametrize(("found", "expected"), [
    pytest.param(problems(acess_control_list=[]), "acess_control_list: unknown field, expected a known one; "
                 "did you mean 'access_control_list'?" , id="unknown-field"),
    pytest.param(of_cluster(cluster_name="x"), "cluster_parameters.cluster_name: unknown field", id="forbidden-field"),
    pytest.param(of_cluster(num_workers="two"), "cluster_parameters.num_workers: got 'two', expected a whole number",
                 id="wrong-type"),
    pytest.param(of_cluster(num_workers=1.5), "cluster_parameters.num_workers: got 1.5, expected a whole number",
                 id="decimal"),
    pytest.param(of_cluster(num_workers=-1), "cluster_parameters.num_workers: got -1, expected at least 0",
                 id="negative"),
    pytest.param(of_cluster(autotermination_minutes=10_001), "got 10001, expected at most 10000", id="too-much"),
    pytest.param(of_cluster(node_type_id=""), "got '', expected a text that is not empty", id="empty"),
    pytest.param(of_cluster(data_security_mode="USER"), "got 'USER', expected one of 'SINGLE_USER'", id="enum"),
    pytest.param(of_cluster(spark_conf={"a": 1}), "cluster_parameters.spark_conf.a: got 1, expected a text", id="map"),
    pytest.param(of_cluster(spark_version="16.4"), "got '16.4', expected an object", id="version-as-text"),
    pytest.param(of_cluster(spark_version={"version": "16.4", "ml": False}), "'gpu' is missing; add it",
                 id="version-half"),
    pytest.param(of_cluster(spark_version={**CLUSTER["spark_version"], "version": 16.4}),
                 "got 16.4, expected a text, such as '16.4'", id="version-as-number"),
    pytest.param(problems(access_control_list=["anna"]), "access_control_list[0]: got 'anna', expected e-mail address "
                 "of a user, such as 'anna@example.com'", id="no-e-mail"),
    pytest.param(problems(access_control_list=["anna@example.com\n"]), "got 'anna@example.com\\n', expected e-mail",
                 id="e-mail-with-newline"),
    pytest.param(problems(access_control_list=[{"group_name": "g", "user_name": "a@b.de"}]),
                 "got 'user_name', 'group_name', expected exactly one of", id="two-principals"),
    pytest.param(problems(access_control_list=[{"permission_level": "CAN_RESTART"}]),
                 "got none, expected exactly one of 'user_name', 'group_name'", id="no-principal"),
    pytest.param(problems(access_control_list=[5]), "access_control_list[0]: got 5, expected a text or an object",
                 id="neither-alternative"),
    pytest.param(problems(libraries={"pypi": ["-r evil.txt"]}), "got '-r evil.txt', expected the PyPI package",
                 id="pip-option-as-package"),
    pytest.param(problems(libraries={"pypi": ["pandas "]}), "got 'pandas ', expected the PyPI", id="space-after"),
    pytest.param(problems(libraries={"pypi": ["a @ https://example.com/a.whl"]}), "libraries.pypi[0]: got", id="url"),
    pytest.param(problems(access_control_list=["a" * 5000]), "access_control_list[0]: got 'aaa", id="endless-e-mail"),
    pytest.param(problems(libraries={"pypi": [{"package": "a", "repo": "https://me:secret@example.com"}]}),
                 "libraries.pypi[0].repo: got", id="password-in-address"),
    pytest.param(problems(libraries={"pypi": [{"repo": "https://example.com"}]}), "'package' is missing", id="no-name"),
    pytest.param(problems(libraries={"wheel": []}), "libraries.wheel: unknown field", id="unknown-library-type"),
    pytest.param(problems(libraries={"jar": ["/a.whl"]}), "libraries.jar[0]: got '/a.whl', expected", id="wrong-file"),
    pytest.param(problems(libraries={"maven": ["group:artifact"]}), "got 'group:artifact', expected", id="no-version"),
])
def test_a_mistake_is_told_in_one_sentence(found: list[str], expected: str) -> None:
    assert len(found) == 1
    assert expected in found[0]


def test_a_sound_file_has_no_findings() -> None:
    libraries = {"pypi": ["a", "a-b[c,d] >=1.0, <2", {"package": "x==1", "repo": "https://example.com/simple"}],
                 "maven": [{"coordinates": "g:a:1", "exclusions": ["x:y", "z:*"]}], "cran": ["forecast"],
                 "jar": ["/Volumes/a/b.jar"], "whl": ["dbfs:/a-1-py3-none-any.whl"], "requirements": ["/a/r.txt"]}
    assert problems(libraries=libraries, access_control_list=["ö.k+x@example-1.co.uk"]) == []


def test_a_missing_field_is_told_at_the_object_that_lacks_it() -> None:
    findings = check(document({"workspace_name": "x"}), "cluster_and_libraries_config").findings
    assert [str(finding) for finding in findings] == [
        "cluster_and_libraries_config.json:1: 'cluster_parameters' is missing; add it"]


def test_a_top_that_is_no_object_is_told() -> None:
    findings = check(document([1]), "environment_config").findings
    assert [finding.problem for finding in findings] == ["got a list, expected an object"]


def test_long_foreign_values_are_cut() -> None:
    assert max(map(len, of_cluster(data_security_mode="x" * 5000))) < 300


def test_what_is_wrong_is_gone_from_the_sound_rest() -> None:
    data = {"workspace_name": "x", "cluster_parameters": {"num_workers": -1, "node_type_id": "n"},
            "libraries": {"pypi": ["-x", "pandas"]}}
    sound = check(document(data), "cluster_and_libraries_config").sound
    assert sound.data == {"workspace_name": "x", "cluster_parameters": {"node_type_id": "n"},
                          "libraries": {"pypi": [None, "pandas"]}}
