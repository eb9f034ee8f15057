"""What an expression evaluates to, and how one kind of value becomes another.

The conversions are those of https://learn.microsoft.com/azure/devops/pipelines/process/expressions#types, corrected by
recorded answers of the service: a number keeps its decimals, and text with decimals or thousands is a number.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple, TypeAlias, TypeGuard, Union


class Version(NamedTuple):
    """`major.minor`, then perhaps build and revision; what is absent sorts first."""

    parts: tuple[int, ...]

    def __str__(self) -> str:
        return ".".join(str(part) for part in self.parts)


Value: TypeAlias = Union[bool, Decimal, str, Version, datetime, "Sequence[Value]", "Mapping[str, Value]", None]

_NUMBER = re.compile(r"\s*[+-]?(?=[\d.])(\d[\d,]*)?(\.\d*)?\s*", re.ASCII)
_VERSION = re.compile(r"\d+(\.\d+){1,3}", re.ASCII)
_MAX_PART = (1 << 31) - 1
_MAX_NUMBER = (1 << 96) - 1  # numbers are .NET decimals
_DECIMALS = Decimal("0.0000001")  # of which seven places are written
_EXACT = Context(prec=60)


class ExpressionError(Exception):
    """An expression cannot be read or evaluated. The caller adds the file and line."""


class Named(Mapping[str, Value]):
    """A context such as `variables`: names fold case. A miss is Null, or an error where `strict`."""

    def __init__(self, values: Mapping[str, Value], *, strict: bool = False) -> None:
        self._values = {name.casefold(): (name, value) for name, value in values.items()}
        self._strict = strict

    def find(self, name: str) -> Value:
        found = self._values.get(name.casefold())
        if found is None and self._strict:
            message = f"Key not found '{name}'"
            raise ExpressionError(message)
        return found[1] if found else None

    def __getitem__(self, name: str) -> Value:
        return self._values[name.casefold()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def __len__(self) -> int:
        return len(self._values)


def is_array(value: Value) -> TypeGuard[Sequence[Value]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, Version))


def is_object(value: Value) -> TypeGuard[Mapping[str, Value]]:
    return isinstance(value, Mapping)


def kind_of(value: Value) -> str:
    """The service's name of the kind of `value`, as its messages use it."""
    if value is None:
        return "Null"
    names = {bool: "Boolean", Decimal: "Number", str: "String", Version: "Version", datetime: "DateTime"}
    return names.get(type(value)) or ("Array" if is_array(value) else "Object")


def truthy(value: Value) -> bool:
    """Everything is true but false, 0, Null and the empty string: 'False' and empty collections are true."""
    if isinstance(value, (bool, Decimal, str)):
        return bool(value)
    return value is not None


def to_text(value: Value) -> str:
    """`value` as text; arrays and objects have none and raise."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (bool, str, Version)):
        return str(value)
    raise _no_conversion(value, "String")


def to_number(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if value is None or isinstance(value, bool):
        return Decimal(bool(value))
    if isinstance(value, str):
        if not value:
            return Decimal(0)
        if _NUMBER.fullmatch(value) and (number := in_range(Decimal(value.strip().replace(",", "")))) is not None:
            return number
    raise _no_conversion(value, "Number")


def to_version(value: Value) -> Version:
    if isinstance(value, Version):
        return value
    text = to_text(value).strip() if isinstance(value, (str, Decimal)) else ""
    version = read_version(text, least=2)
    if version is None:
        raise _no_conversion(value, "Version")
    return version


def read_version(text: str, *, least: int) -> Version | None:
    """`least` to four numbers of 31 bits, divided by periods."""
    parts = [int(part) for part in text.split(".")] if len(text) < 50 and _VERSION.fullmatch(text) else []
    return Version(tuple(parts)) if len(parts) >= least and max(parts) <= _MAX_PART else None


def in_range(number: Decimal) -> Decimal | None:
    return number if -_MAX_NUMBER <= number <= _MAX_NUMBER else None


def identity(value: Value) -> object:
    """What makes two arrays or objects the same one: views on a document answer with the node they show."""
    return getattr(value, "node", value)


def _number_text(number: Decimal) -> str:
    text = format(number.quantize(_DECIMALS, ROUND_HALF_UP, _EXACT), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _no_conversion(value: Value, kind: str) -> ExpressionError:
    own = kind_of(value)
    return ExpressionError(f"Unable to convert from {own} to {kind}. Value: {_shown(value)}")


def _shown(value: Value) -> str:
    """`value` as the service's messages write it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Version):
        return f"v{value}"
    return to_text(value) if isinstance(value, (bool, Decimal)) else kind_of(value)
