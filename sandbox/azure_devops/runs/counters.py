"""What the pipelines count from run to run (`counter()`, the revision in a run's number), kept over a restart."""
from __future__ import annotations

import json
from collections.abc import MutableMapping
from pathlib import Path

from sandbox.errors import SandboxError


class Counters:
    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except ValueError as error:
            message = f"{file}: is no JSON ({error}); delete the file, and counting starts anew"
            raise SandboxError(message) from error
        self._of_pipeline: dict[str, dict[str, int]] = known

    def of(self, pipeline: int) -> MutableMapping[str, int]:
        """The counters of one pipeline; whoever counts calls `save` afterwards."""
        return self._of_pipeline.setdefault(str(pipeline), {})

    def save(self) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(self._of_pipeline), encoding="utf-8")
        new.replace(self._file)
