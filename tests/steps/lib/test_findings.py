from __future__ import annotations

import pytest

from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest
from steps.lib.pipeline_type import PipelineType, work_for


@pytest.mark.parametrize(("finding", "text"), [
    (Finding("f.json", 3, "a.b", "got 1"), "f.json:3: a.b: got 1"),
    (Finding("f.json", path="a", problem="got 1"), "f.json: a: got 1"),
    (Finding("f.json", 3, problem="got 1"), "f.json:3: got 1"),
], ids=["everything", "no line", "no path"])
def test_a_finding_reads_as_one_sentence(finding: Finding, text: str) -> None:
    assert str(finding) == text


def test_findings_sort_by_file_and_line() -> None:
    findings = [Finding("b", 1), Finding("a", 10), Finding("a", 9)]
    assert sorted(findings) == findings[::-1]


@pytest.mark.parametrize(("name", "text"), [
    ("autoscal", "; did you mean 'autoscale'?"), ("zzz", ""), ("", ""),
])
def test_the_nearest_known_name_is_offered(name: str, text: str) -> None:
    assert nearest(name, ["autoscale", "spark_conf"]) == text


def test_an_input_error_has_a_line_for_each_finding() -> None:
    assert InputError([Finding("f", 1, "p", "x"), "plain"]).lines == ("f:1: p: x", "plain")


def test_work_is_found_by_pipeline_type() -> None:
    assert work_for(PipelineType.CLUSTER, {PipelineType.CLUSTER: "done"}) == "done"


def test_a_type_that_a_step_does_not_serve_is_an_input_error() -> None:
    with pytest.raises(InputError, match="PIPELINE_TYPE: got 'jobs', this step serves cluster"):
        work_for(PipelineType.JOBS, {PipelineType.CLUSTER: "done"})
