from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from steps.lib.jobs.job_config import job_configs
from steps.lib.jobs.smoke_test import SmokeTest
from steps.lib.smoke.junit import suite
from steps.lib.smoke.smoke_result import JobResult, SmokeJob, TaskResult, Verdict
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import document


@pytest.fixture
def job() -> SmokeJob:
    written = document({"jobs": [{"notebook": "a.py", "smoke_test": {}}]}, "jobs_config.json")
    [config] = job_configs(written, TargetEnvironment.DEV)
    return SmokeJob(config, "dev-churn-a", 7, SmokeTest())


def read(result: JobResult) -> Xml.Element:
    return Xml.fromstring(suite(result))  # noqa: S314 - our own


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "\ud800", "\uffff", "]]>", "<a>&b;", "##vso[x]", "ü 😀"])
def test_any_text_of_a_notebook_makes_xml(job: SmokeJob, text: str) -> None:
    task = TaskResult(f"t{text}", Verdict.FAILED, 1, error=text, trace=text, exit_value=text)
    case = read(JobResult(job, (task,), problem=text)).find("testcase/failure")
    assert case is not None
    assert str(case.get("message")).replace("\ufffd", "") == "".join(c for c in text if c.isprintable())


def test_what_is_wrong_with_the_run_is_a_case_of_its_own(job: SmokeJob) -> None:
    top = read(JobResult(job, (TaskResult("t", Verdict.PASSED, 1),), problem="cancelled"))
    assert [case.get("name") for case in top.iter("testcase")] == ["t", "run"]
    assert (top.get("tests"), top.get("failures")) == ("2", "1")


def test_link_and_exit_value_are_the_output_of_a_case(job: SmokeJob) -> None:
    task = TaskResult("t", Verdict.PASSED, 1.5, url="http://x/run/1", exit_value="42")
    case = read(JobResult(job, (task,))).find("testcase")
    assert case is not None
    assert (case.get("time"), case.findtext("system-out")) == ("1.500", "http://x/run/1\nexit value: 42")
