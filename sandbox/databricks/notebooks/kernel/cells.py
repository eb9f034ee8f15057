"""Reads notebooks, as source files and as `.ipynb`, into cells.

The source format: https://docs.databricks.com/aws/en/notebooks/notebook-export-import and the files it gives.
"""
from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_COMMENTS = {".py": "#", ".r": "#", ".R": "#", ".sql": "--", ".scala": "//"}
_LANGUAGES = {".py": "python", ".r": "r", ".R": "r", ".sql": "sql", ".scala": "scala"}
_JUPYTER = ".ipynb"
_MAGIC = re.compile(r"%%?([A-Za-z][\w-]*)[ \t]*")
# Magics that have meaning only as a whole cell; any other one is a line of a Python cell.
CELL_MAGICS = {"python", "md", "md-sandbox", "html", "sh", "sql", "run", "scala", "r", "fs", "pip"}


@dataclass(frozen=True)
class Cell:
    """`magic` is the language or command without percent sign, `line` where `text` begins in its file, from 1."""

    magic: str
    text: str
    line: int = 1


def read_cells(suffix: str, text: str) -> list[Cell]:
    """The cells of a notebook stored with the extension `suffix`; ValueError where a `.ipynb` is none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return list(_jupyter_cells(text) if suffix == _JUPYTER else _source_cells(text, suffix))


def command_cell(text: str, language: str) -> Cell:
    """One cell as a client sends it: with an indentation of its whole text taken away, as IPython does.

    Clients rely on it: https://github.com/databrickslabs/dbx/blob/v0.8.19/dbx/api/context.py.
    """
    lines = text.replace("\r\n", "\n").strip("\n")
    return _magic_cell(textwrap.dedent(lines) if lines[:1].isspace() else lines, 1, language)


def to_source(cells: Sequence[Cell]) -> str:
    """A Python source file of the same cells."""
    blocks = [cell.text if cell.magic == "python" else _as_magic(cell) for cell in cells]
    return "# Databricks notebook source\n" + "\n\n# COMMAND ----------\n\n".join(blocks) + "\n"


def _as_magic(cell: Cell) -> str:
    first, *rest = cell.text.split("\n")
    return "\n".join(f"# MAGIC {line}".rstrip() for line in (f"%{cell.magic} {first}", *rest))


def _source_cells(text: str, suffix: str) -> Iterator[Cell]:
    comment, language = _COMMENTS[suffix], _LANGUAGES[suffix]
    skipped = (f"{comment} Databricks notebook source", f"{comment} DBTITLE ")
    block: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), f"{comment} COMMAND ----------"], 1):
        if line.startswith(f"{comment} COMMAND ----------"):
            yield from _source_cell(block, start, comment, language)
            block = []
        elif block or (line.strip() and not line.startswith(skipped)):
            start = start if block else number
            block.append(line)


def _source_cell(block: list[str], start: int, comment: str, language: str) -> Iterator[Cell]:
    lines = "\n".join(block).rstrip().split("\n")
    mark = f"{comment} MAGIC"
    if lines == [""]:
        return
    if all(line.startswith(mark) for line in lines):
        yield _magic_cell("\n".join(line.removeprefix(mark).removeprefix(" ") for line in lines), start, language)
    else:
        yield Cell(language, "\n".join(lines), start)


def _magic_cell(text: str, start: int, language: str) -> Cell:
    found = _MAGIC.match(text)
    if found is None or found[1] not in CELL_MAGICS:
        return Cell(language, text, start)
    rest = text[found.end():]
    is_empty = rest.startswith("\n")
    return Cell(found[1], rest[1:] if is_empty else rest, start + int(is_empty))


def _jupyter_cells(text: str) -> Iterator[Cell]:
    try:
        raw = json.loads(text)["cells"]
        rows = [(str(cell["cell_type"]), _joined(cell.get("source", ""))) for cell in raw]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"is no Jupyter notebook of format 4: {error!r}"
        raise ValueError(message) from error
    for kind, source in rows:
        if kind == "markdown":
            yield Cell("md", source)
        elif kind == "code" and source.strip():
            yield _magic_cell(source, 1, "python")


def _joined(source: Any) -> str:  # noqa: ANN401 - from JSON: a text or a list of texts
    return "".join(source) if isinstance(source, list) else str(source)
