from __future__ import annotations

import io

from setup.lib.bulk.bar import Bar
from tests.steps.fake_clock import FakeClock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def advanced(stream: io.StringIO, total: int = 20, *, failed: int = 0) -> str:
    clock = FakeClock()
    bar = Bar(total, stream, clock)
    for number in range(total):
        clock.seconds += 2
        bar.advance(f"analytics/r{number}", failed=number < failed)
    bar.close()
    return stream.getvalue()


def test_outside_a_terminal_a_line_comes_now_and_then() -> None:
    lines = advanced(io.StringIO()).splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("2 of 20, about 36 s left", "20 of 20")


def test_failures_are_counted() -> None:
    assert advanced(io.StringIO(), failed=3).splitlines()[-1] == "20 of 20, 3 failed"


def test_on_a_terminal_one_line_fills_up() -> None:
    shown = advanced(Terminal())
    assert shown.count("\n") == 1
    assert "[##############################] 20 of 20" in shown


def test_a_name_cannot_steer_the_terminal() -> None:
    stream = Terminal()
    Bar(1, stream, FakeClock()).advance("a\x1b[2Jb", failed=False)
    assert "\x1b[2J" not in stream.getvalue()


def test_nothing_to_do_shows_nothing() -> None:
    assert advanced(Terminal(), total=0) == ""
