"""What the sandbox orders a notebook's process to do."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Order:
    """`disk` is where the notebook or file lies; a wheel has `package` and `entry_point` in its place.

    `import_folders` go before everything that is installed, `packages` is the run's own folder for what it installs.
    """

    kind: str
    path: str
    disk: Path
    parameters: Mapping[str, str]
    arguments: Sequence[str]
    import_folders: Sequence[str]
    install: Sequence[str]
    packages: Path
    file_store: Path

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Order:
        return cls(**{**data, **{name: Path(data[name]) for name in ("disk", "packages", "file_store")}})
