"""What the pipelines of an organisation counted, kept over a restart."""
from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from sandbox.azure_devops.runs.run_record import write_whole
from sandbox.errors import SandboxError
from sandbox.pipelines.counts import Count, Counts


class Counters:
    def __init__(self, file: Path) -> None:
        try:
            self._last: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except (ValueError, RecursionError) as error:
            message = f"{file}: is no JSON ({error}); delete the file, and counting starts anew"
            raise SandboxError(message) from error
        if not isinstance(self._last, dict) or any(type(one) is not int for one in self._last.values()):
            message = f"{file}: expected an object of numbers; delete the file, and counting starts anew"
            raise SandboxError(message)
        self._counts = Counts(self._last, lambda: write_whole(file, self._last))

    def of(self, pipeline: int) -> Count:
        """Counts for one pipeline; a number is in the file before anybody sees it."""
        return partial(self._next, pipeline)

    def _next(self, pipeline: int, name: str, first: int) -> int:
        return self._counts.next(f"{pipeline} {name}", first)
