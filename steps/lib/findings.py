"""One place in a file, and what is wrong there: the sentence every error of this library is made of."""
from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """Reads as `<file>:<line>: <path>: <problem>`; parts that are not known are left out.

    `problem` says what is wrong and what was expected, then, if that is not plain, `; <what to do>`:
    lower case, no full stop, values quoted.
    """

    file: str
    line: int = 0
    path: str = ""
    problem: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.path, self.problem) if part)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where a known name is close to `name`, else an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""
