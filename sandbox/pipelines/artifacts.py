"""The artifacts of one run: folders by name, published once, read by any later job."""
from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

FORBIDDEN = '":<>|*?/\\'


class ArtifactError(Exception):
    pass


class ArtifactStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.folders: dict[str, Path] = {}

    def publish(self, name: str, source: Path, *, add: bool = False) -> int:
        """Keep a copy of the file, or of what is in the folder, `source`; the number of files."""
        check_name(name)
        if not source.exists():
            message = f"Path does not exist: {source}"
            raise ArtifactError(message)
        if (source / ".artifactignore").exists():
            message = f"{source / '.artifactignore'}: .artifactignore is not modelled by this engine"
            raise ArtifactError(message)
        with self._lock:
            if name in self.folders and not add:
                message = f"Artifact {name} already exists for this run"
                raise ArtifactError(message)
            self.folders[name] = self._folder / name
        _copy(source, self.folders[name] if source.is_dir() else self.folders[name] / source.name)
        return sum(1 for _ in files_below(self.folders[name]))

    def download(self, name: str, target: Path, patterns: Sequence[str]) -> int:
        """Copy one artifact into `target`, or each of them into its own folder there where `name` is empty."""
        if name and name not in self.folders:
            have = ", ".join(sorted(self.folders)) or "none"
            message = f"Artifact {name} was not found in this run, which has: {have}"
            raise ArtifactError(message)
        target.mkdir(parents=True, exist_ok=True)
        prefix_of = {name: ""} if name else {one: f"{one}/" for one in self.folders}
        found = {f"{prefix}{relative}": self.folders[one] / relative
                 for one, prefix in prefix_of.items() for relative in files_below(self.folders[one])}
        chosen = select(list(found), patterns)
        for relative in chosen:
            _copy(found[relative], target / relative)
        return len(chosen)


def check_name(name: str) -> None:
    if not name or any(char in name for char in FORBIDDEN) or name in (".", ".."):
        message = f"Artifact name is not valid: {name}. It cannot contain {' '.join(FORBIDDEN)}"
        raise ArtifactError(message)


def select(paths: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """The paths chosen by patterns in order: each adds what it matches, `!pattern` takes away again."""
    chosen: dict[str, None] = {}
    for pattern in patterns:
        expression = pattern_expression(pattern.removeprefix("!"))
        for path in filter(expression.fullmatch, paths):
            if pattern.startswith("!"):
                chosen.pop(path, None)
            else:
                chosen[path] = None
    return sorted(chosen)


def pattern_expression(pattern: str) -> re.Pattern[str]:
    """A file pattern as a regular expression: `**` crosses folders, `*` and `?` do not."""
    parts = []
    for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern):
        known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        parts.append(known.get(part) or re.escape(part))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def files_below(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def _copy(source: Path, target: Path) -> None:
    try:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    except (OSError, shutil.Error) as error:
        message = f"cannot copy {source}: {error}"
        raise ArtifactError(message) from error
