"""What the pipelines count from run to run (`counter()`, the revision in a run's number), kept over a restart."""
from __future__ import annotations

import json
from collections.abc import MutableMapping
from pathlib import Path


class Counters:
    def __init__(self, file: Path) -> None:
        self._file = file
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._of_pipeline: dict[str, dict[str, int]] = known

    def of(self, pipeline: int) -> MutableMapping[str, int]:
        """The counters of one pipeline; whoever counts calls `save` afterwards."""
        return self._of_pipeline.setdefault(str(pipeline), {})

    def save(self) -> None:
        self._file.write_text(json.dumps(self._of_pipeline), encoding="utf-8")
