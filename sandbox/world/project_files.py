"""The files of this project as they lie on disk: what the sandbox's CI/CD repository is filled with."""
from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sandbox.azure_devops.git.bare_repository import File

PROJECT_FOLDER = Path(__file__).parents[2]
_NOT_OURS = {".git", ".venv", ".sandbox", "__pycache__", "generated", "node_modules", ".hypothesis"}
# Every job checks the repository out. What judges the library stays at home, so a step that needs it fails here.
_NOT_RELEASED = {PROJECT_FOLDER / "sandbox", PROJECT_FOLDER / "tests"}
_RELEASE = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)


def project_files(state: Path) -> dict[str, File]:
    """Every file of the library by its path; no tests, no sandbox and its `state`, no caches, no environments."""
    return {path.relative_to(PROJECT_FOLDER).as_posix(): _file(path) for path in _walk(state.resolve())}


def files_below(folder: str, files: dict[str, File]) -> dict[str, File]:
    """The part of `files` below `folder`, by its path inside that folder."""
    return {path.removeprefix(f"{folder}/"): file for path, file in files.items() if path.startswith(f"{folder}/")}


def release_tag() -> str:
    """`v` and the newest version of the changelog."""
    changelog = (PROJECT_FOLDER / "CHANGELOG.md").read_text(encoding="utf-8")
    found = _RELEASE.search(changelog)
    if found is None:
        message = "CHANGELOG.md: no heading like '## 1.2.3', expected one for each version"
        raise AssertionError(message)
    return f"v{found[1]}"


def _walk(state: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(PROJECT_FOLDER):
        folders[:] = sorted(name for name in folders if _is_ours(Path(top, name), state))
        yield from (Path(top, name) for name in sorted(names) if Path(top, name).is_file())


def _is_ours(folder: Path, state: Path) -> bool:
    known = folder.name not in _NOT_OURS and folder not in _NOT_RELEASED
    return known and not folder.name.endswith("_cache") and folder.resolve() != state


def _file(path: Path) -> File:
    return File(path.read_bytes(), os.access(path, os.X_OK))
