"""Answers that Azure DevOps is known to give when it refuses a sign-in or is asked too much, by name.

A preset is a file of `presets/`: a fault without the path it strikes. How the answers look:
https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits, and for sign-ins
`microsoft/azure-devops-auth-samples` #52 (203 with a page) and `MicrosoftDocs/azure-devops-docs` #13661 (302).
"""
from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "presets"
_KEY = "preset"


@cache
def names() -> list[str]:
    """As a person writes them: `sign-in page` is in `sign-in-page.json`."""
    return sorted(file.stem for file in _FOLDER.glob("*.json"))


def with_preset(data: object) -> object:
    """`data` with the fields of the preset it names below its own; ValueError where there is no such preset."""
    if not isinstance(data, dict) or _KEY not in data:
        return data
    rest = {name: value for name, value in data.items() if name != _KEY}
    wanted = str(data[_KEY]).strip().casefold().replace(" ", "-")
    if wanted not in names():
        message = f"{_KEY}: got {data[_KEY]!r}, known are {', '.join(names())}"
        raise ValueError(message)
    return {**_read(wanted), **rest}


@cache
def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data
