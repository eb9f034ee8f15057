from __future__ import annotations

import io
from pathlib import Path

import pytest

from sandbox.azure_devops.bare_repository import NO_COMMIT
from sandbox.azure_devops.pipelines import Pipeline
from sandbox.azure_devops.pushes import Push
from sandbox.azure_devops.run_order import RunOrder
from sandbox.azure_devops.runs import Run
from sandbox.pipelines.request import Identity
from sandbox.run_display import RunDisplay

ANNA = Identity("Anna", "anna@example.com")
ORDER = RunOrder(Pipeline(1, "churn-cluster", "churn", "p.yml"), "refs/heads/x", "c" * 40, "BatchedCI", ANNA)
RUN = Run(3, ORDER, Path())


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def push(*paths: str) -> Push:
    return Push("churn", "refs/heads/x", NO_COMMIT, "c" * 40, ANNA, paths, skips_ci=False)


def test_push_says_what_changed_and_what_it_starts(out: io.StringIO) -> None:
    RunDisplay(out).pushed(push("a", "b", "c", "d", "e"), [ORDER])
    assert out.getvalue() == "push to churn: new branch 'x', changed a, b, c, d and 1 more; starts 'churn-cluster'\n"


def test_push_that_starts_nothing_says_so(out: io.StringIO) -> None:
    RunDisplay(out).pushed(push(), [])
    assert out.getvalue().endswith("changed no file; starts no pipeline\n")


def test_log_lines_stand_below_their_step(out: io.StringIO) -> None:
    view = RunDisplay(out).of(RUN)
    view.step_started("job", "Validate")
    view.line("job", "Validate", "##[group]files")
    view.line("job", "Validate", "##[error]a.json:1: wrong")
    view.line("job", "Validate", "##[endgroup]")
    view.step_finished("job", "Validate", "failed", 0.25)
    assert out.getvalue().splitlines() == [
        "      Validate", "          files", "          error: a.json:1: wrong", "        failed in 0.2 s"]


def test_step_is_named_again_where_another_job_came_between(out: io.StringIO) -> None:
    view = RunDisplay(out).of(RUN)
    view.line("one", "A", "1")
    view.line("two", "B", "2")
    view.line("one", "A", "3")
    assert [line.strip() for line in out.getvalue().splitlines()] == ["A", "1", "B", "2", "A", "3"]


def test_every_line_names_its_run_where_several_may_go_on(out: io.StringIO) -> None:
    RunDisplay(out, prefix=True).of(RUN).job_started("configure")
    assert out.getvalue() == "run 3 |     job: configure\n"


def test_control_characters_do_not_reach_the_terminal(out: io.StringIO) -> None:
    RunDisplay(out).of(RUN).line("job", "step", "a\x1b[2Jb")
    assert "\x1b" not in out.getvalue()
    assert "a\\x1b[2Jb" in out.getvalue()


def test_outcome_is_shown_when_the_run_has_ended(out: io.StringIO) -> None:
    view = RunDisplay(out, outcome=lambda order: [f"cluster of {order.branch}"]).of(RUN)
    view.run_finished("succeeded", 2.0)
    assert out.getvalue() == "run 3: succeeded in 2.0 s\n  cluster of x\n\n"


def test_skipped_step_is_one_line(out: io.StringIO) -> None:
    RunDisplay(out).of(RUN).step_finished("job", "Install", "skipped", 0.0)
    assert out.getvalue() == "      Install: skipped\n"
