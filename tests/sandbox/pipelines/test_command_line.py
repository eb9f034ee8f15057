from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.__main__ import main

PIPELINE = """
parameters:
- name: who
  default: world
variables:
- group: shared
steps:
- bash: echo "hello ${{ parameters.who }} $(a) $(key) $(fromGroup)"
- bash: exit ${{ parameters.who }}
  condition: eq('${{ parameters.who }}', '1')
"""


def entry(folder: Path, text: str = PIPELINE) -> str:
    file = folder / "pipeline.yml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def groups(folder: Path) -> str:
    file = folder / "groups.json"
    file.write_text(json.dumps({"shared": {"fromGroup": "g", "hidden": {"secret": "s"}}}), encoding="utf-8")
    return str(file)


def test_run_shows_the_run_and_writes_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    code = main(["pipelines", "run", entry(tmp_path), "--variable", "a=b=c", "--secret", "key=s3cret",
                 "--variable-group", groups(tmp_path), "--parameter", "who=me", "--report", str(report)])
    shown = capsys.readouterr().out
    told = json.loads(report.read_text())
    assert code == 0
    assert "hello me b=c *** g" in shown
    assert "hello me b=c *** g" in told["log"]
    assert (told["result"], told["jobs"], told["error"]) == ("succeeded", {"Job": "succeeded"}, None)


def test_a_failed_run_ends_with_one(tmp_path: Path) -> None:
    arguments = [entry(tmp_path), "--variable-group", groups(tmp_path), "--parameter", "who=1"]
    assert main(["pipelines", "run", *arguments]) == 1


REFUSED = [
    pytest.param(["--parameter", "nosuch=1"], "Unexpected parameter 'nosuch'", id="parameter"),
    pytest.param(["--stage", "nosuch"], "unknown stages: nosuch", id="stage"),
    pytest.param(["--repository", "lib=/no/such/folder"], "expected the repository 'lib'", id="repository"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_a_refused_run_ends_with_two_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert main(["pipelines", "run", entry(tmp_path), "--variable-group", groups(tmp_path), *options]) == 2
    assert said in capsys.readouterr().err


def test_a_missing_entry_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipelines", "expand", "/no/such.yml"]) == 2
    assert "/no/such.yml: there is no such file" in capsys.readouterr().err


def test_expand_prints_the_final_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipelines", "expand", entry(tmp_path), "--parameter", "who=you"]) == 0
    assert "hello you $(a)" in capsys.readouterr().out


def test_a_repository_can_be_given_by_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "steps.yml").write_text("steps: [{bash: echo from library}]")
    text = """
resources: {repositories: [{repository: lib, type: git, name: team/library}]}
steps: [{template: steps.yml@lib}]
"""
    assert main(["pipelines", "run", entry(tmp_path, text), "--repository", f"team/library={library}"]) == 0
    assert "from library" in capsys.readouterr().out


EVALUATED = [("eq(1, 1)", "true"), ("variables.a", '"x"'), ("split('a,b', ',')", '["a", "b"]')]


@pytest.mark.parametrize(("expression", "value"), EVALUATED)
def test_evaluate_prints_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expression: str, value: str
) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"variables": {"A": "x"}}')
    assert main(["pipelines", "evaluate", expression, "--context", str(context)]) == 0
    assert capsys.readouterr().out == f"{value}\n"


def test_a_bad_expression_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipelines", "evaluate", "1 == 1"]) == 2
    assert capsys.readouterr().err


def test_an_option_without_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["pipelines", "run", entry(tmp_path), "--variable", "novalue"])
