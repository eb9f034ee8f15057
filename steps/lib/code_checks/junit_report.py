"""What was checked, as a JUnit file for the Tests tab of the run.

The elements that Azure Pipelines reads: https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/publish-test-results-v2.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

from steps.lib import agent


@dataclass(frozen=True)
class Case:
    """`failure` and `skipped` say why; both empty for a case that passed."""

    name: str
    seconds: float
    failure: str = ""
    skipped: str = ""


def write_report(path: Path, suite: str, cases: Sequence[Case]) -> None:
    """Write `cases` as one suite; makes the folder if it is absent."""
    root = Element("testsuite", name=suite, tests=str(len(cases)), failures=str(sum(bool(c.failure) for c in cases)),
                   skipped=str(sum(bool(c.skipped) for c in cases)))
    for case in cases:
        element = SubElement(root, "testcase", classname=suite, name=case.name, time=f"{case.seconds:.3f}")
        for kind, reason in (("failure", case.failure), ("skipped", case.skipped)):
            if reason:
                # XML has no place for most control characters, which output of programs is full of.
                SubElement(element, kind, message=agent.show(reason))
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
