"""How files of the library in a product differ from the shipped ones, and whether the product is ahead of us."""
from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from setup.lib.copying.shipped_files import ShippedFile
from setup.lib.release import newest_release

# Enough to see what it is about; the whole is in the repository.
LINES_SHOWN = 60
_PIN = re.compile(r"^\s*ref:\s*['\"]?(refs/tags/[^\s'\"]+)", re.MULTILINE)


def unified_diff(file: ShippedFile, there: str) -> list[str]:
    """From what is there to what is shipped; empty where they differ in line endings only."""
    shipped = file.content.decode("utf-8", "replace").splitlines()
    return list(difflib.unified_diff(there.splitlines(), shipped, f"{file.path} (there)", f"{file.path} (shipped)",
                                     lineterm=""))


def shortened(lines: list[str]) -> Iterator[str]:
    yield from lines[:LINES_SHOWN]
    if len(lines) > LINES_SHOWN:
        yield f"… and {len(lines) - LINES_SHOWN} more lines"


def newer_pin(texts: Iterable[str], release: str) -> str | None:
    """The ref that a listener among `texts` is pinned to, where that is a later release than `release`."""
    pins = [found[1] for text in texts for found in _PIN.finditer(text)]
    newest = newest_release(pins)
    if newest is None or newest == release or newest_release([newest, release]) != newest:
        return None
    return newest
