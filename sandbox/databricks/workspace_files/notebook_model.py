"""Notebooks as JSON: alone in an HTML page, several in an archive.

The JSON: https://docs.snowflake.cn/en/migrations/sma-docs/translation-reference/notebooks/databricks/databricks-overview.
The page: https://github.com/databricks/databricks-sdk-py/blob/main/tests/integration/test_auth.py reads one.
"""
from __future__ import annotations

import base64
import binascii
import html
import json
import re
from typing import Any
from urllib.parse import quote, unquote
from uuid import NAMESPACE_URL, uuid5

from sandbox.databricks.errors import refuse
from sandbox.databricks.workspace_files.notebook import Notebook, of_commands

_MODEL = re.compile(r"__DATABRICKS_NOTEBOOK_MODEL = '([^']*)'")


def to_model(notebook: Notebook, name: str, number: int) -> dict[str, Any]:
    """`number` is the notebook's object id."""
    return {"version": "NotebookV1", "origId": number, "name": name, "language": notebook.language.lower(),
            "commands": [_command(text, position, number) for position, text in enumerate(notebook.commands(), 1)],
            "dashboards": [], "guid": _guid(number, 0), "globalVars": {}, "iPythonMetadata": None, "inputWidgets": {}}


def from_model(content: bytes | str) -> Notebook:
    """Refuses what is no such JSON. Cells are in the order of their positions."""
    try:
        model = json.loads(content)
        commands = [row for row in model["commands"] if row.get("subtype", "command") == "command"]
        ordered = sorted(commands, key=lambda row: float(row.get("position", 0)))
        return of_commands(str(model["language"]), [str(row["command"]) for row in ordered])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuse("The content is not a Databricks notebook")


def to_html(model: dict[str, Any]) -> str:
    encoded = base64.b64encode(quote(json.dumps(model)).encode()).decode()
    return (f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>{html.escape(model["name"])}</title></head>\n'
            f"<body><script>var __DATABRICKS_NOTEBOOK_MODEL = '{encoded}';</script></body>\n</html>\n")


def from_html(content: bytes) -> Notebook:
    found = _MODEL.search(content.decode("utf-8", "replace"))
    if found is None:
        refuse("The content is not an exported Databricks notebook")
    try:
        return from_model(unquote(base64.b64decode(found[1], validate=True).decode()))
    except (binascii.Error, UnicodeDecodeError):
        refuse("The content is not an exported Databricks notebook")


def _command(text: str, position: int, number: int) -> dict[str, Any]:
    return {"version": "CommandV1", "origId": number + position, "guid": _guid(number, position), "subtype": "command",
            "commandType": "auto", "position": float(position), "command": text, "commandVersion": 0,
            "state": "input", "results": None}


def _guid(number: int, position: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"{number}/{position}"))
