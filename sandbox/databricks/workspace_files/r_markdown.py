"""Notebooks of R as R Markdown: prose, and chunks of code between fences (https://rmarkdown.rstudio.com/lesson-3.html)."""
from __future__ import annotations

import re

from sandbox.databricks.notebooks.kernel.cells import Cell
from sandbox.databricks.workspace_files.notebook import Notebook

_HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_CHUNK = re.compile(r"^```\{(\w+)[^}\n]*\}\n(.*?)^```[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def to_r_markdown(notebook: Notebook, name: str) -> str:
    blocks = [cell.text if cell.magic == "md" else f"```{{{cell.magic}}}\n{cell.text}\n```" for cell in notebook.cells]
    return f"---\ntitle: {name!r}\n---\n\n" + "\n\n".join(blocks) + "\n"


def from_r_markdown(content: bytes) -> Notebook:
    text = _HEADER.sub("", content.decode("utf-8", "replace").replace("\r\n", "\n"), count=1)
    cells: list[Cell] = []
    end = 0
    for chunk in _CHUNK.finditer(text):
        cells += _prose(text[end:chunk.start()])
        cells.append(Cell(chunk[1], chunk[2].removesuffix("\n")))
        end = chunk.end()
    return Notebook("R", [*cells, *_prose(text[end:])])


def _prose(text: str) -> list[Cell]:
    return [Cell("md", text.strip())] if text.strip() else []
