"""Reads what a step needs from its environment, and reports everything that is missing or wrong at once."""
from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TypeVar

from steps.lib.errors import InputError

Choice = TypeVar("Choice", bound=Enum)
_UNDEFINED_MACRO = re.compile(r"\$\([^)]*\)")


class Reader:
    """Collects problems while values are read; `check()` raises them together.

    An empty value and a literal `$(name)` count as missing: the agent leaves a macro it does not know as it is.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def optional(self, name: str) -> str | None:
        value = self._environ.get(name, "").strip()
        return None if not value or _UNDEFINED_MACRO.fullmatch(value) else value

    def text(self, name: str) -> str:
        value = self.optional(name)
        if value is None:
            self._problems.append(self._missing(name))
        return value or ""

    def path(self, name: str) -> Path:
        return Path(self.text(name))

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.optional(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            self._problems.append(f"environment: {name}: got {value!r}, expected 'true' or 'false'")
        return value.lower() == "true"

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        members = {str(member.value): member for member in kind}
        value = self.text(name)
        if value and value not in members:
            self._problems.append(f"environment: {name}: got {value!r}, expected one of {', '.join(members)}")
        return members.get(value, next(iter(kind)))

    def problem(self, text: str) -> None:
        self._problems.append(text)

    def check(self) -> None:
        if self._problems:
            raise InputError(sorted(set(self._problems)))

    def _missing(self, name: str) -> str:
        raw = self._environ.get(name, "").strip()
        if raw:
            return (f"environment: {name}: variable {raw[2:-1]!r} is not defined; "
                    "add it to the variable group of this environment")
        return f"environment: {name}: missing; set it in the env: of the step"
