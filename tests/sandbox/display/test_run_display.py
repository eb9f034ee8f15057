from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.agent_seats import AgentSeat
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.display.run_display import RunDisplay
from sandbox.pipelines.request import Identity

ANNA = Identity("Anna", "anna@example.com")
ORDER = RunOrder(Pipeline(1, "churn-cluster", "churn", "p.yml"), "refs/heads/x", "c" * 40, "BatchedCI", ANNA)
RUN = Run(3, ORDER, Path(), AgentSeat(threading.Semaphore()))


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


@pytest.mark.parametrize(("reason", "words"), [
    ("IndividualCI", "pushed by Anna"), ("BatchedCI", "pushed by Anna"), ("Manual", "started by Anna"),
    ("Schedule", "started by its schedule")])
def test_run_says_what_it_is_for_and_who_started_it(out: io.StringIO, reason: str, words: str) -> None:
    RunDisplay(out).of(replace(RUN, order=replace(ORDER, reason=reason))).run_started("20260820.1")
    assert out.getvalue() == f"run 20260820.1 of pipeline 'churn-cluster' for branch 'x' at ccccccc, {words}\n"


def test_every_line_names_its_run_where_several_may_go_on(out: io.StringIO) -> None:
    view = RunDisplay(out, prefix=True).of(RUN)
    view.step_started("configure", "Validate")
    view.line("configure", "Validate", "fine")
    assert [line.partition(" | ")[0] for line in out.getvalue().splitlines()] == ["run 3", "run 3"]


def test_outcome_is_shown_when_the_run_has_ended(out: io.StringIO) -> None:
    view = RunDisplay(out, outcome=lambda order: [f"cluster of {order.branch}"]).of(RUN)
    view.run_finished("succeeded", 2.0)
    assert out.getvalue() == "run succeeded (2.0 s)\n\ncluster of x\n"


def test_control_characters_do_not_reach_the_terminal(out: io.StringIO) -> None:
    RunDisplay(out).of(RUN).line("job", "step", "a\x1b[2Jb")
    RunDisplay(out).pushed(push("a\x1b[2Jb"), [])
    assert "\x1b" not in out.getvalue()


def test_terminal_that_knows_only_ascii_shows_escapes() -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    RunDisplay(terminal).write("größe")
    terminal.seek(0)
    assert terminal.buffer.read() == b"gr\\xf6\\xdfe\n"


def test_reader_who_leaves_stops_nothing() -> None:
    class Left(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    RunDisplay(Left()).write("nobody reads this")
