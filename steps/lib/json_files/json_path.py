"""The way from the top of a JSON document to one value in it, and how a person reads it."""
from __future__ import annotations

import json
import re
from typing import TypeAlias

JsonPath: TypeAlias = "tuple[str | int, ...]"
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
_LONGEST_KEY = 80


def show_path(path: JsonPath) -> str:
    """`cluster_parameters.spark_conf["spark.master"]`, `libraries.pypi[1]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step[:_LONGEST_KEY]}"
        else:
            text += f"[{json.dumps(step[:_LONGEST_KEY], ensure_ascii=False)}]"
    return text.removeprefix(".")
