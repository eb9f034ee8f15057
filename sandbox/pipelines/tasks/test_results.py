"""PublishTestResults@2 for JUnit files: counts what ran, and fails where the step asks for it."""
from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from sandbox.pipelines.artifacts import files_below, select
from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskError

_DEFAULT_FILES = ["**/TEST-*.xml"]


def publish_test_results(task: Task) -> Result:
    kind = task.inputs.get("testresultsformat", "JUnit")
    if kind.lower() != "junit":
        message = f"test results in the format '{kind}' are not modelled by this engine"
        raise TaskError(message)
    folder = task.folder("searchfolder")
    paths = select(list(files_below(folder)), task.lines("testresultsfiles") or _DEFAULT_FILES)
    if not paths:
        task.state.warning(f"No test result files matching the patterns were found below {folder}.")
        return Result.FAILED if task.flag("failtaskonmissingresultsfile") else Result.SUCCEEDED
    counts = [_count(folder / path) for path in paths]
    total, failed = sum(one[0] for one in counts), sum(one[1] for one in counts)
    task.state.write(f"Published test results: {total} tests in {len(paths)} files, {failed} failed")
    if failed and task.flag("failtaskonfailedtests"):
        task.state.error("There are one or more test failures detected in result files.")
        return Result.FAILED
    return Result.SUCCEEDED


def _count(path: Path) -> tuple[int, int]:
    text = path.read_bytes()
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        message = f"{path}: a document type is not read from test results"
        raise TaskError(message)
    try:
        cases = list(ElementTree.fromstring(text).iter("testcase"))  # noqa: S314 - entities were refused above
    except ElementTree.ParseError as error:
        message = f"{path}: not a readable JUnit file: {error}"
        raise TaskError(message) from error
    return len(cases), sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
