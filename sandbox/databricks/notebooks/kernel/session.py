"""One run of a notebook: its cells in order, in one namespace."""
from __future__ import annotations

import shlex
import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.databricks.notebooks.kernel import commands, spark
from sandbox.databricks.notebooks.kernel.cells import Cell, command_cell, read_cells
from sandbox.databricks.notebooks.kernel.channel import Channel, RefusedError
from sandbox.databricks.notebooks.kernel.code_runner import LINE_MAGIC, CodeRunner, remember_source
from sandbox.databricks.notebooks.kernel.dbutils import Dbutils
from sandbox.databricks.notebooks.kernel.display import display, display_html, show_last
from sandbox.databricks.notebooks.kernel.order import Order
from sandbox.databricks.notebooks.kernel.widgets import Widgets

_RUN_DEPTH = 50
_IGNORED_LINE_MAGICS = {"matplotlib", "load_ext", "autoreload", "config"}


class NotModelledError(Exception):
    """A magic that the sandbox does not execute, by name."""


class Session:
    def __init__(self, order: Order, channel: Channel) -> None:
        self._order = order
        self._channel = channel
        self._depth = 0
        self._widgets = Widgets(order.parameters)
        self._dbutils = Dbutils(channel, order.path, self._widgets, file_store=order.file_store, restart=self._restart)
        sys.argv = [order.path]
        module = types.ModuleType("__main__")
        # Classes of the notebook look for their module here, dataclasses and pickle for instance.
        sys.modules["__main__"] = module
        self._code = CodeRunner(module.__dict__, show_last)
        self._given = {"dbutils": self._dbutils, "spark": spark.LazySpark(), "sc": spark.LazyContext(),
                       "display": display, "displayHTML": display_html, "getArgument": self._widgets.getArgument,
                       LINE_MAGIC: self._line_magic}
        self._code.namespace.update(self._given)

    def run(self, path: str, disk: Path) -> None:
        """Run every cell of the notebook `path`, which lies at `disk`."""
        text = disk.read_text(encoding="utf-8")
        file = path + disk.suffix
        remember_source(file, text)
        for number, cell in enumerate(read_cells(disk.suffix, text), 1):
            place = file
            if disk.suffix == ".ipynb":
                place = f"{file}, cell {number}"
                remember_source(place, cell.text)
            self._run_cell(cell, path, place)
            sys.stdout.flush()

    def run_command(self, text: str, language: str, name: str) -> None:
        """Run what a client sent as one cell after those before it; `name` is what tracebacks call it."""
        cell = command_cell(text, language)
        remember_source(name, cell.text)
        self._run_cell(replace(cell, line=1), self._order.path, name)

    def _run_cell(self, cell: Cell, path: str, place: str) -> None:
        if cell.magic == "python":
            self._code.run(cell.text, place, cell.line)
        elif cell.magic == "run":
            self._run_other(cell.text, path)
        elif cell.magic == "sh":
            commands.shell(cell.text)
        elif cell.magic == "pip":
            commands.pip(cell.text, self._order.packages, self._order.file_store)
        elif cell.magic == "sql":
            self._code.namespace["_sqldf"] = frame = spark.session().sql(cell.text)
            display(frame)
        elif cell.magic == "fs":
            self._file_store(cell.text)
        elif cell.magic not in {"md", "md-sandbox", "html"}:
            message = f"{place}: the sandbox does not run %{cell.magic} cells"
            raise NotModelledError(message)

    def _run_other(self, text: str, path: str) -> None:
        """`%run ./other $name="value"`: the other notebook's cells, here and now."""
        wanted, *arguments = shlex.split(text)
        pairs = (argument.removeprefix("$").partition("=") for argument in arguments)
        self._widgets.give({name: value for name, _, value in pairs})
        try:
            found = self._channel.ask("find", path=wanted, base=path)
        except RefusedError as error:
            message = f"%run {wanted}: {error}"
            raise FileNotFoundError(message) from None
        self._depth += 1
        if self._depth > _RUN_DEPTH:
            message = f"%run {wanted}: notebooks run each other more than {_RUN_DEPTH} deep"
            raise RecursionError(message)
        self.run(found["path"], Path(found["disk"]))
        self._depth -= 1

    def _file_store(self, text: str) -> None:
        name, *arguments = shlex.split(text)
        result = getattr(self._dbutils.fs, name)(*arguments)
        for row in result if isinstance(result, list) else [result]:
            show_last(row)

    def _line_magic(self, mark: str, text: str) -> None:
        name, _, rest = text.partition(" ")
        if mark == "!":
            commands.shell(text)
        elif name == "pip":
            commands.pip(rest, self._order.packages, self._order.file_store)
        elif name not in _IGNORED_LINE_MAGICS:
            message = f"the sandbox does not run %{name}"
            raise NotModelledError(message)

    def _restart(self) -> None:
        namespace: dict[str, Any] = self._code.namespace
        for name in [name for name in namespace if not name.startswith("__")]:
            del namespace[name]
        namespace.update(self._given)
