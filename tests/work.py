"""How much work something is, the same on every machine: a test of what a cost grows with looks at no clock."""
from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def work_of(action: Callable[[], object]) -> int:
    """How many instructions of Python `action` takes when done again. What C does at one go counts as one."""
    # Python 3.12 tells of instructions only from the second trace on: https://github.com/python/cpython/issues/114480.
    _traced(action)
    instructions = _traced(action)
    assert instructions > 0, "nothing was traced"
    return instructions


def _traced(action: Callable[[], object]) -> int:
    instructions = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal instructions
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        instructions += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return instructions
