"""Foreign text inside Markdown: as code, in which no name, message or branch becomes a link, a heading or HTML."""
from __future__ import annotations

import re
from collections.abc import Iterable

from steps.lib import agent

_TICKS = re.compile("`+")


def code(text: object) -> str:
    """`text` on one line, of which Markdown shows every character as it is.

    The fence is longer than any run of backticks inside: https://spec.commonmark.org/0.31.2/#code-spans.
    """
    shown = agent.show(text)
    fence = _fence(shown, 1)
    return f"{fence} {shown} {fence}" if shown.strip() else ""


def code_block(lines: Iterable[object]) -> list[str]:
    """`lines` with a fence around them, each shown as it is."""
    shown = [agent.show(line) for line in lines]
    fence = _fence("\n".join(shown), 3)
    return [fence, *shown, fence]


def _fence(text: str, shortest: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(shortest, longest + 1)
