"""Stops a product that keeps a secret among its files: whoever may read the repository has it then.

Reads: PRODUCT_DIRECTORY.
Sets: nothing.
Changes: nothing.
"""
from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.secret_search.patterns import ALLOWED, secrets_in
from steps.lib.settings import Reader
from steps.lib.wording import counted

# Data is not read: a secret is something that a person has written.
LARGEST_BYTES = 1_000_000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Settings:
    product: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(reader.path("PRODUCT_DIRECTORY"))
        reader.check()
        return settings


def findings(folder: Path) -> list[Finding]:
    """Everything below `folder` that looks like a secret, by file and line."""
    return [Finding(path.relative_to(folder).as_posix(), line, problem=_problem(kind))
            for path in _files(folder) for line, kind in secrets_in(_text(path))]


def step(environ: Mapping[str, str]) -> None:
    product = Settings.from_environ(environ).product
    found = findings(product)
    if found:
        rest = [f"{len(found) - MOST_SHOWN} more are not shown"] if len(found) > MOST_SHOWN else []
        raise InputError([*found[:MOST_SHOWN], *rest])
    agent.info(f"{counted(sum(1 for _ in _files(product)), 'file')} searched, no secret found")


def _files(folder: Path) -> Iterator[Path]:
    """In a stable order, without what git keeps for itself; a link may lead anywhere, and is not followed."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for path in (Path(top, name) for name in sorted(names)):
            if path.is_file() and not path.is_symlink():
                yield path


def _text(path: Path) -> str:
    """Empty for a file that is too large, or is no text."""
    if path.stat().st_size > LARGEST_BYTES:
        return ""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def _problem(kind: str) -> str:
    return (f"looks like a {kind}, expected none in the repository; withdraw it where it was issued and keep the new "
            f"one in a secret scope, or end the line with '{ALLOWED}' if it is none")


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
