"""Spark for notebooks that ask for it, where pyspark is installed beside the sandbox."""
from __future__ import annotations

import importlib
import importlib.util
from typing import Any


class NoSparkError(RuntimeError):
    """Reads as a sentence that says how to get it."""


class LazySpark:
    """Stands for the session until somebody uses it: to start one takes seconds and a Java."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever pyspark has
        return getattr(session(), name)


class LazyContext:
    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever pyspark has
        return getattr(session().sparkContext, name)


def session() -> Any:  # noqa: ANN401 - pyspark is not there when this is checked
    if importlib.util.find_spec("pyspark") is None:
        message = ("this notebook uses Spark, which the sandbox runs only where pyspark is installed; "
                   "run 'pip install pyspark' in the sandbox's environment, it needs a Java")
        raise NoSparkError(message)
    module = importlib.import_module("pyspark.sql")
    return module.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
