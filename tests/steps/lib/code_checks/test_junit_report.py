from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from steps.lib.code_checks.junit_report import Case, write_report


def test_a_report_counts_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "results/TEST-x.xml"
    write_report(path, "make", [Case("a", 1.5), Case("b", 0, failure="exit code 2"), Case("c", 0, skipped="no target")])
    root = ElementTree.parse(path).getroot()  # noqa: S314 - written here
    assert dict(root.attrib) == {"name": "make", "tests": "3", "failures": "1", "skipped": "1"}
    assert [case.attrib["name"] for case in root] == ["a", "b", "c"]
    assert [child.attrib["message"] for case in root for child in case] == ["exit code 2", "no target"]


def test_control_characters_make_no_broken_file(tmp_path: Path) -> None:
    write_report(tmp_path / "x.xml", "make", [Case("a", 0, failure="\x1b[31mred\x00 <b>&")])
    root = ElementTree.parse(tmp_path / "x.xml").getroot()  # noqa: S314 - written here
    assert root[0][0].attrib["message"] == "\\x1b[31mred\\x00 <b>&"
