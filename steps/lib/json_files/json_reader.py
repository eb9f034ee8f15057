"""A JSON reader by RFC 8259 without extensions, which also says at which character each key and item begins.

The standard library's reader accepts NaN, keeps the last of two equal keys without a word, and forgets positions.
"""
from __future__ import annotations

import json
import math
import re
from typing import TypeAlias, Union

from steps.lib.json_files.json_path import JsonPath

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]
MAX_DEPTH = 40
MAX_TEXT = 30_000
_EXACT = 2.0**53
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,18})(\.\d{1,40})?([eE][+-]?\d{1,3})?(?![\w.+-])", re.ASCII)
_WORD = re.compile(r"[^\s,:\[\]{}\"]{1,30}")
_CONSTANTS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
_STANDARD = json.JSONDecoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(Exception):
    """The text is no JSON from the character `offset` on."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def read_json(text: str) -> tuple[Json, dict[JsonPath, int], list[tuple[int, JsonPath]]]:
    """The value, the offset of each key or item by its path, and every key that was written again."""
    reader = _Reader(text)
    value = reader.value(())
    if reader.peek():
        message = f"got {reader.word()} after the end of the value, expected nothing more"
        raise JsonError(message, reader.at)
    return value, reader.offsets, reader.duplicates


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[JsonPath, int] = {(): 0}
        self.duplicates: list[tuple[int, JsonPath]] = []

    def peek(self) -> str:
        """The next character that is no space, empty at the end; `at` stands on it."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def word(self) -> str:
        found = _WORD.match(self.text, self.at)
        return repr(found.group() if found else self.text[self.at]) if self.at < len(self.text) else "the end of file"

    def value(self, path: JsonPath) -> Json:
        char = self.peek()
        self.offsets.setdefault(path, self.at)
        if len(path) > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels, expected a flatter file"
            raise JsonError(message, self.at)
        if char == "{":
            return self._object(path)
        if char == "[":
            return self._list(path)
        return self._text() if char == '"' else self._scalar()

    def _object(self, path: JsonPath) -> Json:
        result: dict[str, Json] = {}
        self.at += 1
        if self._closes("}"):
            return result
        while True:
            key = self._key(path, result)
            self._expect(":", "after the key")
            value = self.value((*path, key))
            result.setdefault(key, value)
            if not self._continues("}"):
                return result

    def _key(self, path: JsonPath, known: dict[str, Json]) -> str:
        if self.peek() != '"':
            message = f"got {self.word()}, expected a key in double quotes"
            raise JsonError(message, self.at)
        start = self.at
        key = self._text()
        here = (*path, key)
        if key in known:
            self.duplicates.append((start, here))
        else:
            self.offsets[here] = start
        return key

    def _list(self, path: JsonPath) -> Json:
        items: list[Json] = []
        self.at += 1
        if self._closes("]"):
            return items
        while True:
            items.append(self.value((*path, len(items))))
            if not self._continues("]"):
                return items

    def _closes(self, bracket: str) -> bool:
        closed = self.peek() == bracket
        self.at += closed
        return closed

    def _continues(self, bracket: str) -> bool:
        if self._closes(bracket):
            return False
        self._expect(",", f"or {bracket!r}")
        if self.peek() == bracket:
            message = f"got {bracket!r} after a comma, expected another value; remove the comma"
            raise JsonError(message, self.at)
        return True

    def _expect(self, char: str, where: str) -> None:
        if self.peek() != char:
            message = f"got {self.word()}, expected {char!r} {where}"
            raise JsonError(message, self.at)
        self.at += 1

    def _text(self) -> str:
        start = self.at
        try:
            found, self.at = _STANDARD.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            message = f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')}, expected a text in double quotes"
            raise JsonError(message, error.pos) from error
        text = str(found)
        if len(text) > MAX_TEXT or _SURROGATE.search(text):
            problem = f"longer than {MAX_TEXT:,} characters" if len(text) > MAX_TEXT else "half a surrogate pair"
            message = f"text is {problem}, expected a short valid text"
            raise JsonError(message, start)
        return text

    def _scalar(self) -> Json:
        for word, constant in _CONSTANTS.items():
            if self.word() == repr(word):
                self.at += len(word)
                return constant
        number = _NUMBER.match(self.text, self.at)
        value = float(number.group()) if number else math.nan
        if number is None or not math.isfinite(value):
            message = f"got {self.word()}, expected a value: text in double quotes, number, true, false, null, [ or {{"
            raise JsonError(message, self.at)
        self.at = number.end()
        if not number.group(1) and not number.group(2):
            return int(number.group())
        # 4.0 is the whole number 4, for JSON Schema and for the services.
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
