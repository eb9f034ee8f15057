"""The files that this library ships to a product repository, as they look there."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

from setup.lib.copying.placeholders import check_values, filled

_ROOT = Path(__file__).parents[3]
REMOTE_FILES = _ROOT / "files_for_remote_repo"
SCAFFOLD = _ROOT / "setup/scaffold"
LIBRARY_FOLDER = "pipelines_definitions/"
_LEFT_BY_TOOLS = ("__pycache__", ".venv", ".coverage", ".DS_Store")


class Owner(Enum):
    """Who may change a file once it is in a product: only files of the library are ever renewed."""

    LIBRARY = "library"
    PRODUCT = "product"
    SCAFFOLD = "scaffold"


@dataclass(frozen=True)
class ShippedFile:
    """`path` is the one in the product repository."""

    path: str
    content: bytes
    owner: Owner

    @property
    def title(self) -> str:
        """How reports call it."""
        return f"file {self.path}"

    @cached_property
    def object_id(self) -> str:
        """What git calls this content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects."""
        return hashlib.sha1(b"blob %d\0" % len(self.content) + self.content, usedforsecurity=False).hexdigest()


def shipped_files(values: Mapping[str, str], *, scaffold: bool) -> list[ShippedFile]:
    """Everything a product is to have, with the placeholders filled; `scaffold` adds a small product to begin with."""
    check_values(values)
    own = {path: (content, _owner(path)) for path, content in _files(REMOTE_FILES)}
    # The scaffold has a jobs_config.json of its own, for its own notebooks.
    extra = {path: (content, Owner.SCAFFOLD) for path, content in _files(SCAFFOLD)} if scaffold else {}
    return [ShippedFile(path, filled(path, content, values), owner)
            for path, (content, owner) in sorted({**own, **extra}.items())]


def _owner(path: str) -> Owner:
    return Owner.LIBRARY if path.startswith(LIBRARY_FOLDER) else Owner.PRODUCT


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if _is_shipped(name)]
        for path in (Path(top, name) for name in names if _is_shipped(name)):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _is_shipped(name: str) -> bool:
    """A checkout in which somebody has worked holds more than what was committed."""
    return name not in _LEFT_BY_TOOLS and not name.endswith("_cache")
