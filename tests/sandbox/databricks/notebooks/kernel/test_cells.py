from __future__ import annotations

import json

import pytest

from sandbox.databricks.notebooks.kernel.cells import Cell, command_cell, read_cells, to_source

HEAD = "# Databricks notebook source\n"
NEXT = "\n# COMMAND ----------\n"


@pytest.mark.parametrize(("text", "cells"), [
    (f"{HEAD}x = 1\n\n{NEXT}\ny = 2\n", [("python", "x = 1", 2), ("python", "y = 2", 7)]),
    (f"{HEAD}{NEXT}{NEXT}", []), ("", []), (f"{HEAD}# MAGIC %md\n# MAGIC # Title\n# MAGIC\n# MAGIC text\n",
                                            [("md", "# Title\n\ntext", 3)]),
    (f"{HEAD}# MAGIC %sh ls\n# MAGIC pwd\n", [("sh", "ls\npwd", 2)]),
    (f"{HEAD}# MAGIC %run ./x\n", [("run", "./x", 2)]),
    (f"{HEAD}# DBTITLE 1,Title\nx = 1\n", [("python", "x = 1", 3)]),
    (f"{HEAD}# MAGIC %python\n# MAGIC x = 1\n", [("python", "x = 1", 3)]),
    (f"{HEAD}# MAGIC %timeit x\n", [("python", "%timeit x", 2)]),
    (f"{HEAD}x = 1\n# MAGIC %sh ls\n", [("python", "x = 1\n# MAGIC %sh ls", 2)]),
    (f"{HEAD}s = '''\n# MAGIC\n'''\n", [("python", "s = '''\n# MAGIC\n'''", 2)]),
    (f"\ufeff{HEAD}x = 1\r\ny = 2\r\n", [("python", "x = 1\ny = 2", 2)]),
], ids=["two", "empty cells", "empty", "markdown", "shell", "run", "title", "python magic", "line magic", "mixed",
        "in a string", "windows"])
def test_source_is_read(text: str, cells: list[tuple[str, str, int]]) -> None:
    assert read_cells(".py", text) == [Cell(*cell) for cell in cells]


def test_notebooks_in_other_languages_keep_their_marks() -> None:
    text = "-- Databricks notebook source\nselect 1\n\n-- COMMAND ----------\n\n-- MAGIC %python\n-- MAGIC x = 1\n"
    assert read_cells(".sql", text) == [Cell("sql", "select 1", 2), Cell("python", "x = 1", 7)]


@pytest.mark.parametrize(("cell", "read"), [
    ({"cell_type": "code", "source": ["x\n", "y"]}, [("python", "x\ny", 1)]),
    ({"cell_type": "code", "source": "%sql\nselect 1"}, [("sql", "select 1", 2)]),
    ({"cell_type": "code", "source": "%%sh\nls"}, [("sh", "ls", 2)]), ({"cell_type": "code", "source": " "}, []),
    ({"cell_type": "markdown", "source": "# T"}, [("md", "# T", 1)]), ({"cell_type": "raw", "source": "x"}, []),
], ids=["code", "magic", "cell magic", "blank", "markdown", "raw"])
def test_jupyter_is_read(cell: dict[str, object], read: list[tuple[str, str, int]]) -> None:
    assert read_cells(".ipynb", json.dumps({"cells": [cell]})) == [Cell(*row) for row in read]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 1}', '{"cells": [1]}', "[" * 100_000])
def test_what_is_no_jupyter_notebook_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_cells(".ipynb", text)


def test_cells_survive_the_way_to_source_and_back() -> None:
    cells = [Cell("python", "x = 1\n\ny = 2"), Cell("md", "# T\n\nmore"), Cell("sh", "ls"), Cell("python", "%pip x")]
    assert [(cell.magic, cell.text) for cell in read_cells(".py", to_source(cells))] == [
        ("python", "x = 1\n\ny = 2"), ("md", "# T\n\nmore"), ("sh", "ls"), ("python", "%pip x")]


@pytest.mark.parametrize(("text", "cell"), [
    ("x = 1", ("python", "x = 1")), ("\n        x = 1\n        y = 2\n        ", ("python", "x = 1\ny = 2\n")),
    ("if x:\n    y", ("python", "if x:\n    y")), ("%sh ls\npwd", ("sh", "ls\npwd")),
    ("    %pip install a", ("pip", "install a")),
    ("x\r\ny", ("python", "x\ny")), ("", ("python", "")),
], ids=["plain", "indented", "block", "magic", "indented magic", "windows", "empty"])
def test_command_is_one_cell(text: str, cell: tuple[str, str]) -> None:
    assert command_cell(text, "python") == Cell(*cell)
