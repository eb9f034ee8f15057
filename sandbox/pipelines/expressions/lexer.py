"""Expression text into tokens. There are no operators: only literals, names and punctuation."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from sandbox.pipelines.expressions.values import ExpressionError, Value, in_range, read_version

MAX_LENGTH = 21_000
_HELP = "For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996"
_PUNCTUATION = "()[],.*"
_STRING = re.compile(r"'((?:[^']|'')*)'")
_WORD = re.compile(r"[^\s()\[\],.*]+")
_NUMBER_WORD = re.compile(r"[^\s()\[\],*]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECIMAL = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `literal`, `name`, `malformed`, one punctuation character or `end`; `at` counts from 1."""

    kind: str
    text: str
    at: int
    value: Value = None


def tokens(expression: str) -> list[Token]:
    """Every token of `expression`, then one of kind `end`."""
    if len(expression) > MAX_LENGTH:
        message = f"Exceeded max expression length {MAX_LENGTH}. {_HELP}"
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


def located(what: str, token: Token, expression: str) -> ExpressionError:
    """An error worded as the service words it: what, the text, and where it stands."""
    shown = expression if len(expression) <= 200 else expression[:200] + "[...]"
    where = f"Located at position {token.at} within expression: {shown}"
    return ExpressionError(f"{what}: '{token.text}'. {where}. {_HELP}")


def unexpected(expression: str, text: str, at: int) -> ExpressionError:
    """A symbol that may not stand where it does."""
    return located("Unexpected symbol", Token("", text, at), expression)


def unrecognized(expression: str, text: str, at: int) -> ExpressionError:
    """A function, context or word which does not exist here."""
    return located("Unrecognized value", Token("", text, at), expression)


def too_deep(limit: int) -> ExpressionError:
    return ExpressionError(f"Exceeded max expression depth {limit}. {_HELP}")


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
        return Token("malformed", expression[index:], index + 1), len(expression)
    return Token("literal", match[0], index + 1, match[1].replace("''", "'")), match.end()


def _number(expression: str, index: int) -> tuple[Token, int]:
    """A number, or a version where there are two periods or more."""
    match = _NUMBER_WORD.match(expression, index)
    word = match[0] if match else expression[index]
    value: Value = None
    if word.count(".") >= 2:
        value = read_version(word, least=3)
    elif _DECIMAL.fullmatch(word):
        value = in_range(Decimal(word))
    return Token("malformed" if value is None else "literal", word, index + 1, value), index + len(word)


def _word(expression: str, index: int, *, dereferenced: bool) -> tuple[Token, int]:
    match = _WORD.match(expression, index)
    word = match[0] if match else expression[index]
    if not _NAME.fullmatch(word):
        return Token("malformed", word, index + 1), index + len(word)
    if word.lower() in _BOOLEANS and not dereferenced:
        return Token("literal", word, index + 1, _BOOLEANS[word.lower()]), index + len(word)
    return Token("name", word, index + 1), index + len(word)
