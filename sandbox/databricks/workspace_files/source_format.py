"""How notebooks lie on disk, as in a git repository: a source file with a first line that marks it, or a `.ipynb`."""
from __future__ import annotations

from pathlib import Path

JUPYTER = ".ipynb"
MARKS = {
    "PYTHON": "# Databricks notebook source", "SQL": "-- Databricks notebook source",
    "SCALA": "// Databricks notebook source", "R": "# Databricks notebook source",
}
COMMENTS = {"PYTHON": "#", "SQL": "--", "SCALA": "//", "R": "#"}
EXTENSIONS = {"PYTHON": ".py", "SQL": ".sql", "SCALA": ".scala", "R": ".r"}
LANGUAGES = {".py": "PYTHON", ".sql": "SQL", ".scala": "SCALA", ".r": "R", ".R": "R", JUPYTER: "PYTHON"}
_MARK_BYTES = max(len(mark) for mark in MARKS.values())


def extensions() -> tuple[str, ...]:
    return tuple(LANGUAGES)


def language_of(name: str, head: bytes) -> str | None:
    """The language of the notebook that a file `name` beginning with `head` is; None where it is a plain file."""
    extension = Path(name).suffix
    language = LANGUAGES.get(extension)
    if language is None or extension == JUPYTER:
        return language
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip()
    return language if first == MARKS[language].encode() else None


def language_of_file(path: Path) -> str | None:
    if path.suffix not in LANGUAGES:
        return None
    with path.open("rb") as file:
        return language_of(path.name, file.read(_MARK_BYTES + 8))


def marked(content: bytes, language: str) -> bytes:
    """The source of a notebook with the line that marks it as one."""
    if language_of(f"x{EXTENSIONS[language]}", content):
        return content
    return f"{MARKS[language]}\n".encode() + content
