from __future__ import annotations

import io

import pytest

from sandbox.pipelines.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_run_reads_as_an_indented_story() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.run_started("20240101.1")
    console.stage_started("build")
    console.job_started("a")
    console.step_started("a", "Greet")
    console.line("a", "Greet", "##[section]Starting: Greet")
    console.line("a", "Greet", "##[error]no")
    console.step_finished("a", "Greet", "failed", 0.26)
    console.step_finished("a", "Late", "skipped", 0)
    console.job_finished("a", "failed", 1)
    assert stream.getvalue().splitlines() == [
        "run 20240101.1", "stage build", "  job a", "    Greet", "        error: no", "      failed (0.3 s)",
        "    Late: skipped", "  job a: failed (1.0 s)",
    ]


def test_lines_of_jobs_that_run_together_say_whose_they_are() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.job_started("a")
    console.job_started("b")
    console.line("a", "s", "hello")
    assert stream.getvalue().splitlines()[-1].strip() == "[a] hello"


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["file", "terminal"])
def test_control_characters_of_a_step_reach_no_terminal(stream: io.StringIO) -> None:
    Console(stream).line("a", "s", "\x1b]0;title\x07 \x1b[2J\u202ehidden\ttab")
    assert stream.getvalue() == "        ?]0;title? ?[2J?hidden\ttab\n"


def test_results_have_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        Console(stream).run_finished("succeededWithIssues", 2)
    assert terminal.getvalue() == "run \x1b[33msucceeded with issues\x1b[0m (2.0 s)\n"
    assert file.getvalue() == "run succeeded with issues (2.0 s)\n"
