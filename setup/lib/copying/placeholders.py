"""Fills the placeholders of shipped files, such as `{{team}}`, so that a value stays a value whatever it holds."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.wording import got

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
# What Azure Pipelines would replace by something else when it reads the file.
_EXPRESSIONS = ("$(", "${{", "$[")


def _in_yaml(value: str) -> str:
    """Inside single quotes, which is where placeholders stand: https://yaml.org/spec/1.2.2/#732-single-quoted-style."""
    return value.replace("'", "''")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


# What JSON escapes, Python reads the same way between double quotes.
_ESCAPES: dict[str, Callable[[str], str]] = {".yml": _in_yaml, ".json": _in_json, ".py": _in_json}


def filled(path: str, content: bytes, values: Mapping[str, str]) -> bytes:
    """`content` of the file `path` with every placeholder replaced by its value; bytes that are no text stay."""
    if b"{{" not in content:
        return content
    escape = _ESCAPES.get(PurePosixPath(path).suffix, str)
    return _PLACEHOLDER.sub(lambda found: escape(values[found[1]]), content.decode("utf-8")).encode("utf-8")


def check_values(values: Mapping[str, str]) -> None:
    """An InputError for every value that no escape keeps from being taken for an expression, or that breaks a line."""
    expected = "expected a name without '$(', '${{', '$[' and line breaks, which a pipeline takes for something else"
    findings = [Finding(name.replace("_", " "), problem=f"got {got(value)}, {expected}; rename it")
                for name, value in values.items() if not _is_plain(value)]
    if findings:
        raise InputError(findings)


def _is_plain(value: str) -> bool:
    return value.isprintable() and not any(text in value for text in _EXPRESSIONS)
