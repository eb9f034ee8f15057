from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from steps import check_code
from steps.lib import agent
from steps.lib.code_checks.makefile import Makefile, environment_of_product


def run(folder: Path, makefile: str | None = None, **environ: str) -> int:
    product = folder / "product"
    product.mkdir(exist_ok=True)
    if makefile is not None:
        (product / "Makefile").write_text(makefile)
    return agent.run(check_code.step, {
        "PATH": os.environ["PATH"], "PRODUCT_DIRECTORY": str(product),
        "TEST_RESULTS_DIRECTORY": str(folder / "results"), **environ})


def results(folder: Path) -> list[tuple[str, str]]:
    root = ElementTree.parse(folder / "results/TEST-make.xml").getroot()  # noqa: S314 - written here
    return [(case.attrib["name"], case[0].tag if len(case) else "passed") for case in root]


def test_both_targets_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "lint:\n\t@echo neat\ntest: lint\n\t@echo works\n") == 0
    assert results(tmp_path) == [("make lint", "passed"), ("make test", "passed")]
    assert {"neat", "works"} <= set(capsys.readouterr().out.splitlines())


def test_what_fails_is_told_and_the_other_target_still_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "lint:\n\t@echo E501; exit 1\ntest:\n\t@echo works\n") == 2
    assert results(tmp_path) == [("make lint", "failure"), ("make test", "passed")]
    assert "Makefile: 'make lint' failed with exit code 2, expected 0" in capsys.readouterr().out


@pytest.mark.parametrize("makefile", [None, "", "lint := x\ntests:\n\ttrue\n"],
                         ids=["no Makefile", "empty", "other targets"])
def test_a_product_without_checks_passes_and_says_so(tmp_path: Path, makefile: str | None) -> None:
    assert run(tmp_path, makefile) == 0
    assert results(tmp_path) == [("make lint", "skipped"), ("make test", "skipped")]


def test_code_of_the_product_sees_nothing_of_the_pipeline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "lint:\n\t@env\n", SYSTEM_ACCESSTOKEN="abc", DATABRICKS_TOKEN="def", PYTHONPATH="/x",
               BUILD_BUILDID="7") == 0
    out = capsys.readouterr().out
    assert "PATH=" in out
    assert not {"SYSTEM_ACCESSTOKEN", "DATABRICKS_TOKEN", "PYTHONPATH", "BUILD_BUILDID"} & {
        line.partition("=")[0] for line in out.splitlines()}


def test_code_of_the_product_commands_no_agent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "test:\n\t@echo '##vso[task.setvariable variable=a]b'\n")
    assert "##vso[task.setvariable" not in capsys.readouterr().out


def test_pytest_is_told_to_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, "test:\n\t@echo $$PYTEST_ADDOPTS\n")
    assert f'--junitxml="{tmp_path}/results/TEST-product.xml"' in capsys.readouterr().out


@pytest.mark.parametrize(("text", "found"), [
    ("test:\n", True), ("lint test: x\n", True), ("test ::\n", True), ("test := a\n", False), ("mytest:\n", False),
    ("# test: no\n", False), ("\ttest:\n", False), (".PHONY: test\n", False),
])
def test_a_target_is_known_by_its_rule(tmp_path: Path, text: str, found: bool) -> None:
    (tmp_path / "Makefile").write_text(text)
    makefile = Makefile.of(tmp_path)
    assert makefile is not None
    assert makefile.has("test") is found


def test_a_proxy_and_an_index_are_passed_on() -> None:
    environ = {"PIP_INDEX_URL": "https://i.test", "https_proxy": "http://p.test", "PIPELINE_TYPE": "jobs"}
    assert environment_of_product(environ) == {"PIP_INDEX_URL": "https://i.test", "https_proxy": "http://p.test"}
