"""What `python -m sandbox pipelines lint` does: prints every violation of a security rule, and counts."""
from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sandbox.pipelines.lint.check import check_files

BROKEN, MISUSED = 1, 2


def lint_paths(paths: Sequence[Path]) -> int:
    """0 all rules kept, 1 a rule broken, 2 a path that does not exist."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        sys.stderr.write("".join(f"{path}: no such file or folder\n" for path in missing))
        return MISUSED
    files = sorted({file for path in paths for file in _pipeline_files(path)})
    found = check_files(files)
    for violation in found:
        sys.stdout.write(f"{violation}\n")
    sys.stdout.write(f"{len(files)} pipeline files, {len(found)} violations of security rules\n")
    return BROKEN if found else 0


def _pipeline_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from (file for pattern in ("*.yml", "*.yaml") for file in path.rglob(pattern))
