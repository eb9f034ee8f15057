"""Plain Python files and the entry points of wheels."""
from __future__ import annotations

import importlib
import runpy
import sys
from importlib import metadata

from sandbox.databricks.notebooks.kernel.order import Order


def run_file(order: Order) -> None:
    sys.argv = [str(order.disk), *order.arguments]
    runpy.run_path(str(order.disk), run_name="__main__")


def run_wheel(order: Order) -> None:
    """`path` is `package:entry_point`: the entry point of that name, else the package's function of that name."""
    package, _, name = order.path.partition(":")
    sys.argv = [package, *order.arguments]
    points = [point for found in metadata.distributions(path=[str(order.packages)])
              if _same(found.metadata["Name"], package) for point in found.entry_points if point.name == name]
    if points:
        points[0].load()()
        return
    getattr(importlib.import_module(package.replace("-", "_")), name)()


def _same(one: str, other: str) -> bool:
    return one.lower().replace("_", "-") == other.lower().replace("_", "-")


def is_good_end(error: SystemExit) -> bool:
    """Whether a program that ended itself ended well."""
    return error.code in {None, 0}

