"""Runs the Python of one cell after the other in one namespace, and tells errors as the notebook's author sees them."""
from __future__ import annotations
import __future__

import ast
import linecache
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

_KERNEL = str(Path(__file__).parent)
_FUTURES = [getattr(__future__, name).compiler_flag for name in __future__.all_feature_names]
_LINE_MAGIC = re.compile(r"^([%!])(.*)$", re.MULTILINE)
# Our errors are told by their class alone, as those of the service are.
_OWN_NAME = re.compile(rf"\b{re.escape(__package__ or '')}\.\w+\.(?=\w+:)")
LINE_MAGIC = "_line_magic"


class CodeRunner:
    """`show` gets the value of a cell's last expression. `from __future__` holds for all later cells."""

    def __init__(self, namespace: dict[str, Any], show: Callable[[object], None]) -> None:
        self.namespace = namespace
        self._show = show
        self._flags = 0

    def run(self, text: str, file: str, line: int = 1) -> None:
        """Run source that begins at `line` of `file`; both are what a traceback names."""
        tree = self._parsed(text, file, line)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        code = compile(tree, file, "exec", flags=self._flags, dont_inherit=True)
        self._flags |= sum(flag for flag in _FUTURES if code.co_flags & flag)
        exec(code, self.namespace)  # noqa: S102 - to run it is what a notebook is there for
        if isinstance(last, ast.Expr):
            value = compile(ast.Expression(last.value), file, "eval", flags=self._flags, dont_inherit=True)
            self._show(eval(value, self.namespace))  # noqa: S307 - as above

    def _parsed(self, text: str, file: str, line: int) -> ast.Module:
        try:
            tree = self._tree(text, file)
        except SyntaxError as error:
            magic = _LINE_MAGIC.sub(_as_call, text)
            if magic == text:
                error.lineno = (error.lineno or 1) + line - 1
                raise
            tree = self._tree(magic, file)
        ast.increment_lineno(tree, line - 1)
        return tree

    def _tree(self, text: str, file: str) -> ast.Module:
        tree = compile(text, file, "exec", flags=self._flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        assert isinstance(tree, ast.Module)  # noqa: S101 - "exec" gives a module
        return tree


def _as_call(found: re.Match[str]) -> str:
    return f"{LINE_MAGIC}({found[1]!r}, {found[2]!r})"


def remember_source(file: str, text: str) -> None:
    """Let tracebacks show the lines of a file that is not at this place on disk."""
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def describe(error: BaseException) -> tuple[str, str]:
    """The error in one line, and its traceback without the frames of this kernel."""
    told = traceback.TracebackException.from_exception(error)
    _without_kernel(told)
    line = list(told.format_exception_only())[-1].strip().split("\n")[0]
    return _OWN_NAME.sub("", line), _OWN_NAME.sub("", "".join(told.format()))


def _without_kernel(told: traceback.TracebackException | None) -> None:
    if told is None:
        return
    frames = [frame for frame in told.stack if not frame.filename.startswith(_KERNEL)]
    told.stack = traceback.StackSummary.from_list(frames)
    _without_kernel(told.__cause__)
    _without_kernel(told.__context__)
