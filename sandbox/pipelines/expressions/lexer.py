"""Expression text into tokens. There are no operators: only literals, names and punctuation."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sandbox.pipelines.expressions.values import ExpressionError, Value, Version

MAX_LENGTH = 21_000
_HELP = "For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996"
_PUNCTUATION = "()[],.*"
_STRING = re.compile(r"'((?:[^']|'')*)'")
_WORD = re.compile(r"[^\s()\[\],.*']+")
_NUMBER_WORD = re.compile(r"[^\s()\[\],*']+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){2,3}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `literal`, `name`, one punctuation character, or `end`. `at` counts from 1, as messages do."""

    kind: str
    text: str
    at: int
    value: Value = None


def tokens(expression: str) -> list[Token]:
    """Every token of `expression`, then one of kind `end`."""
    if len(expression) > MAX_LENGTH:
        message = f"The expression is longer than {MAX_LENGTH} characters"
        raise ExpressionError(message)
    found: list[Token] = []
    index = 0
    while True:
        while index < len(expression) and expression[index].isspace():
            index += 1
        if index == len(expression):
            return [*found, Token("end", "", index + 1)]
        token, index = _next(expression, index, found[-1] if found else None)
        found.append(token)


def unexpected(expression: str, text: str, at: int) -> ExpressionError:
    """A symbol that may not stand where it does, worded as the service words it."""
    return _located("Unexpected symbol", expression, text, at)


def unrecognized(expression: str, text: str, at: int) -> ExpressionError:
    """A function, context or word which does not exist here."""
    return _located("Unrecognized value", expression, text, at)


def _next(expression: str, index: int, before: Token | None) -> tuple[Token, int]:
    char = expression[index]
    if char == "'":
        return _string(expression, index)
    if char in "-.0123456789" and not (char == "." and _may_be_dereferenced(before)):
        return _number(expression, index)
    if char in _PUNCTUATION:
        return Token(char, char, index + 1), index + 1
    return _word(expression, index, dereferenced=before is not None and before.kind == ".")


def _may_be_dereferenced(token: Token | None) -> bool:
    return token is not None and token.kind in ("name", ")", "]", "*")


def _string(expression: str, index: int) -> tuple[Token, int]:
    match = _STRING.match(expression, index)
    if match is None:
        raise unexpected(expression, expression[index:], index + 1)
    return Token("literal", match[0], index + 1, match[1].replace("''", "'")), match.end()


def _number(expression: str, index: int) -> tuple[Token, int]:
    match = _NUMBER_WORD.match(expression, index)
    word = match[0] if match else expression[index]
    value: Value
    if _DECIMAL.fullmatch(word):
        value = Decimal(word)
    elif _VERSION.fullmatch(word):
        value = Version(tuple(int(part) for part in word.split(".")))
    else:
        raise unrecognized(expression, word, index + 1)
    return Token("literal", word, index + 1, value), index + len(word)


def _word(expression: str, index: int, *, dereferenced: bool) -> tuple[Token, int]:
    match = _WORD.match(expression, index)
    word = match[0] if match else expression[index]
    if not _NAME.fullmatch(word):
        raise unexpected(expression, word, index + 1)
    if word.lower() in _BOOLEANS and not dereferenced:
        return Token("literal", word, index + 1, _BOOLEANS[word.lower()]), index + len(word)
    return Token("name", word, index + 1), index + len(word)


def _located(what: str, expression: str, text: str, at: int) -> ExpressionError:
    shown = expression if len(expression) <= 200 else expression[:200] + "[...]"
    return ExpressionError(f"{what}: '{text}'. Located at position {at} within expression: '{shown}'. {_HELP}")
