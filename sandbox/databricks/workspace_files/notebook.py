"""A notebook whatever it is stored as: its language and its cells."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sandbox.databricks.errors import refuse
from sandbox.databricks.notebooks.kernel.cells import CELL_MAGICS, Cell, read_cells
from sandbox.databricks.workspace_files.source_format import COMMENTS, EXTENSIONS, MARKS


@dataclass(frozen=True)
class Notebook:
    """`language` is PYTHON, SQL, SCALA or R; the cells without magic command are in it."""

    language: str
    cells: Sequence[Cell]

    def commands(self) -> list[str]:
        """The text of each cell as an editor shows it: other languages begin with `%md` and the like."""
        return [cell.text if cell.magic == self.language.lower() else f"%{cell.magic}\n{cell.text}"
                for cell in self.cells]

    def source(self) -> str:
        """As https://docs.databricks.com/aws/en/notebooks/notebook-export-import shows it."""
        comment = COMMENTS[self.language]
        blocks = [cell.text if cell.magic == self.language.lower() else _as_magic(cell, comment) for cell in self.cells]
        return f"{MARKS[self.language]}\n" + f"\n\n{comment} COMMAND ----------\n\n".join(blocks) + "\n"


def read_notebook(name: str, language: str, content: bytes) -> Notebook:
    """The notebook stored under this file name."""
    try:
        cells = read_cells(PurePosixPath(name).suffix, content.decode("utf-8", "replace"))
    except ValueError:
        refuse("The content is not a Jupyter notebook")
    return Notebook(language, cells)


def of_commands(language: str, commands: Sequence[str]) -> Notebook:
    """Of cells as an editor shows them; ValueError where the language is none."""
    if language.upper() not in EXTENSIONS:
        message = f"{language!r} is no language of notebooks"
        raise ValueError(message)
    return Notebook(language.upper(), [_cell(language.lower(), text) for text in commands])


def _cell(language: str, text: str) -> Cell:
    first, _, rest = text.partition("\n")
    magic, _, beside = first.removeprefix("%").partition(" ")
    if not first.startswith("%") or magic not in CELL_MAGICS:
        return Cell(language, text)
    return Cell(magic, f"{beside}\n{rest}" if beside and rest else beside or rest)


def _as_magic(cell: Cell, comment: str) -> str:
    first, *rest = cell.text.split("\n")
    return "\n".join(f"{comment} MAGIC {line}".rstrip() for line in (f"%{cell.magic} {first}", *rest))
