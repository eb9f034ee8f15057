"""Results of smoke tests as JUnit files, for the Tests tab of the run: a suite for each job, a case for each task.

https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/publish-test-results-v2#result-formats-mapping
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from steps.lib.smoke.smoke_result import JobResult, TaskResult, Verdict

FOLDER = "smoke_tests"
# Everything but these may stand in XML 1.0.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RUN = "run"


def write_junit(generated: Path, results: Sequence[JobResult]) -> Path:
    """One file for each job in a folder of its own, without what an earlier run left there."""
    folder = generated / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("TEST-*.xml"):
        old.unlink()
    for result in results:
        # Names of jobs are made of harmless characters.
        (folder / f"TEST-{result.job.name}.xml").write_bytes(suite(result))
    return folder


def suite(result: JobResult) -> bytes:
    """The XML of one job. What is wrong with the run apart from its tasks is a case of its own."""
    cases = len(result.tasks) + bool(result.problem)
    skipped = sum(task.verdict is Verdict.SKIPPED for task in result.tasks)
    top = Xml.Element("testsuite", {
        "name": _text(result.job.name), "tests": str(cases), "failures": str(len(result.failed) + bool(result.problem)),
        "errors": "0", "skipped": str(skipped), "time": f"{result.seconds:.3f}"})
    properties = Xml.SubElement(top, "properties")
    for name, value in (("run_id", str(result.run_id or "")), ("run_page_url", result.url)):
        Xml.SubElement(properties, "property", {"name": name, "value": _text(value)})
    for task in result.tasks:
        _case(top, result, task)
    if result.problem:
        whole = TaskResult(_RUN, Verdict.FAILED, result.seconds, result.url, result.problem)
        _case(top, result, whole)
    Xml.indent(top)
    return bytes(Xml.tostring(top, encoding="utf-8", xml_declaration=True))


def _case(top: Xml.Element, result: JobResult, task: TaskResult) -> None:
    case = Xml.SubElement(top, "testcase", {"classname": _text(result.job.name), "name": _text(task.key),
                                            "time": f"{task.seconds:.3f}"})
    if task.verdict is Verdict.FAILED:
        Xml.SubElement(case, "failure", {"message": _text(task.error)}).text = _text(task.trace or task.error)
    if task.verdict is Verdict.SKIPPED:
        Xml.SubElement(case, "skipped", {"message": _text(task.error)})
    said = [task.url, *([f"exit value: {task.exit_value}"] if task.exit_value else [])]
    Xml.SubElement(case, "system-out").text = _text("\n".join(filter(None, said)))


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
