from __future__ import annotations

import io
import sys
from collections.abc import Mapping

import pytest

from steps.lib import agent
from steps.lib.errors import InputError, ServiceError


def fails_with(error: BaseException) -> int:
    def step(_environ: Mapping[str, str]) -> None:
        raise error

    return agent.run(step, {})


def test_a_step_that_returns_ends_with_0() -> None:
    seen: list[Mapping[str, str]] = []
    assert agent.run(seen.append, {"A": "1"}) == 0
    assert seen == [{"A": "1"}]


@pytest.mark.parametrize(("error", "code"), [
    (ServiceError("busy"), 1), (InputError(["wrong"]), 2), (KeyError("bug"), 3), (AssertionError(), 3),
], ids=["service", "input", "bug", "cannot happen"])
def test_each_kind_of_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert fails_with(error) == code


def test_every_line_of_an_error_is_one_issue(capsys: pytest.CaptureFixture[str]) -> None:
    fails_with(InputError(["first", "second"]))
    assert capsys.readouterr().out.splitlines() == [
        "##vso[task.logissue type=error]first", "##vso[task.logissue type=error]second"]


def test_a_bug_shows_its_traceback_and_says_that_it_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    fails_with(KeyError("boom"))
    out = capsys.readouterr().out
    assert "KeyError: 'boom'" in out
    assert "this is a bug in the pipeline library" in out


def test_a_cancelled_step_says_so_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert fails_with(KeyboardInterrupt()) == 130
    out = capsys.readouterr().out
    assert out.startswith("##vso[task.logissue type=error]cancelled; what is done so far stays")
    assert "Traceback" not in out


@pytest.mark.parametrize("text", [
    "##vso[task.setvariable variable=x]1", "a ##VSO[task.complete]", "##[error]x", "###vso[x]", "\n##vso[x]",
    "##vso\x00[x]", "##\x1bvso[x]",
])
def test_foreign_text_gives_the_agent_no_command(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    agent.info(text)
    out = capsys.readouterr().out.lower()
    assert "##vso[" not in out
    assert "##[" not in out
    assert out.count("\n") == 1


def test_foreign_text_inside_an_issue_gives_no_second_command(capsys: pytest.CaptureFixture[str]) -> None:
    agent.warning("x\n##vso[task.setsecret]y")
    assert capsys.readouterr().out == "##vso[task.logissue type=warning]x\\n# #vso[task.setsecret]y\n"


def test_a_value_keeps_its_percent_signs_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    agent.set_output("a;b]", "100%\r\n;]")
    assert capsys.readouterr().out == "##vso[task.setvariable variable=a%3Bb%5D;isOutput=true]100%AZP25%0D%0A;]\n"


def test_a_secret_is_told_to_the_agent(capsys: pytest.CaptureFixture[str]) -> None:
    agent.set_secret("s3cret")
    assert capsys.readouterr().out == "##vso[task.setsecret]s3cret\n"


def test_a_summary_is_uploaded_by_its_path(capsys: pytest.CaptureFixture[str]) -> None:
    agent.upload_summary("/a/b.md")
    assert capsys.readouterr().out == "##vso[task.uploadsummary]/a/b.md\n"


def test_a_group_is_closed_also_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), agent.group("title\n##[endgroup]"):
        raise KeyError
    assert capsys.readouterr().out == "##[group]title\\n# #[endgroup]\n##[endgroup]\n"


def test_control_characters_are_shown_and_not_sent() -> None:
    assert agent.show("a\x1b[31m\u202eb\ud800") == "a\\x1b[31m\\u202eb\\ud800"


def test_text_that_the_terminal_cannot_write_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    agent.info("é")
    assert raw.getvalue() == b"\\xe9\n"


def test_at_a_terminal_secrets_and_outputs_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def command(_environ: Mapping[str, str]) -> None:
        agent.set_secret("s3cret")
        agent.set_output("changes", "3")
        with agent.group("Repositories"):
            agent.info("churn")

    assert agent.run_at_terminal(command, {}) == 0
    assert capsys.readouterr().out.splitlines() == ["Repositories", "churn"]


def test_at_a_terminal_errors_go_to_stderr_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    def command(_environ: Mapping[str, str]) -> None:
        agent.warning("careful")
        raise InputError(["first", "second"])

    assert agent.run_at_terminal(command, {}) == 2
    assert capsys.readouterr().err.splitlines() == ["warning: careful", "error: first", "error: second"]


def test_after_a_command_at_a_terminal_steps_speak_to_the_agent_again(capsys: pytest.CaptureFixture[str]) -> None:
    agent.run_at_terminal(lambda _environ: None, {})
    agent.set_secret("s3cret")
    assert capsys.readouterr().out.splitlines() == ["##vso[task.setsecret]s3cret"]
