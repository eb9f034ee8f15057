"""`workspace/export`: a notebook as source or for Jupyter, a file as it is."""
from __future__ import annotations

import json
from pathlib import Path

from sandbox.databricks.errors import not_modelled
from sandbox.databricks.notebooks.kernel.cells import Cell, read_cells, to_source
from sandbox.databricks.workspace_files.source_format import JUPYTER
from sandbox.databricks.workspace_files.tree import Entry, Kind

_NOT_MODELLED = {"DBC", "HTML", "R_MARKDOWN"}


def exported(entry: Entry, kind: str) -> tuple[str, bytes]:
    """The extension without dot, and the content."""
    if kind in _NOT_MODELLED:
        what = f"the export format {kind}"
        raise not_modelled(what)
    content = entry.disk.read_bytes()
    extension = entry.disk.suffix
    if entry.kind is Kind.FILE or kind == "RAW":
        return extension.removeprefix("."), content
    if kind == "JUPYTER" and extension != JUPYTER:
        return "ipynb", _jupyter(entry.disk, content)
    if kind == "SOURCE" and extension == JUPYTER:
        return "py", to_source(read_cells(JUPYTER, content.decode(errors="replace"))).encode()
    return extension.removeprefix("."), content


def _jupyter(disk: Path, content: bytes) -> bytes:
    cells = [_jupyter_cell(cell) for cell in read_cells(disk.suffix, content.decode(errors="replace"))]
    return json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}},
                       "nbformat": 4, "nbformat_minor": 0}, indent=1).encode()


def _jupyter_cell(cell: Cell) -> dict[str, object]:
    lines = cell.text.splitlines(keepends=True)
    if cell.magic in {"md", "md-sandbox"}:
        return {"cell_type": "markdown", "metadata": {}, "source": lines}
    source = lines if cell.magic == "python" else [f"%{cell.magic}\n", *lines]
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
