from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.notebooks.kernel.code_runner import LINE_MAGIC, CodeRunner, describe


@pytest.fixture
def shown() -> list[object]:
    return []


@pytest.fixture
def runner(shown: list[object]) -> CodeRunner:
    return CodeRunner({"__name__": "__main__"}, shown.append)


def test_the_value_of_the_last_expression_is_shown(runner: CodeRunner, shown: list[object]) -> None:
    runner.run("1\nx = 2\nx + 1", "f")
    runner.run("x = 3", "f")
    assert shown == [3]


def test_this_module_s_own_future_does_not_leak_in(runner: CodeRunner) -> None:
    runner.run("def f(x: int): pass\nkind = f.__annotations__['x']", "f")
    assert runner.namespace["kind"] is int


def test_lines_count_from_where_the_cell_begins(runner: CodeRunner) -> None:
    for text in ("x = 1\n1 / 0", "def (:"):
        with pytest.raises((ZeroDivisionError, SyntaxError)) as caught:
            runner.run(text, "file.py", 10)
        assert 'File "file.py", line 1' in describe(caught.value)[1]


def test_line_magics_become_calls(runner: CodeRunner) -> None:
    called: list[Any] = []
    runner.namespace[LINE_MAGIC] = lambda mark, text: called.append((mark, text))
    runner.run("%pip install x\ny = 5 % 3\n!ls 'a'", "f")
    assert (called, runner.namespace["y"]) == ([("%", "pip install x"), ("!", "ls 'a'")], 2)


def test_percent_signs_of_valid_python_are_left_alone(runner: CodeRunner) -> None:
    runner.run("s = '''\n%s\n'''", "f")
    assert runner.namespace["s"] == "\n%s\n"


@pytest.mark.parametrize(("error", "line"), [
    (ValueError("a\nb"), "ValueError: a"), (KeyError("a"), "KeyError: 'a'"), (SystemExit(3), "SystemExit: 3"),
    (AssertionError(), "AssertionError"),
])
def test_an_error_is_told_in_one_line(error: BaseException, line: str) -> None:
    assert describe(error)[0] == line


def test_causes_are_told_without_our_frames(runner: CodeRunner) -> None:
    with pytest.raises(ValueError) as caught:
        runner.run("try:\n    1 / 0\nexcept Exception as e:\n    raise ValueError('x') from e", "cell.py")
    trace = describe(caught.value)[1]
    assert ("ZeroDivisionError" in trace, "/code_runner.py" in trace) == (True, False)
