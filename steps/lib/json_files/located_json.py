"""Strict JSON that remembers where every key and value stood, so that each finding names a line a person can edit."""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath, show_path
from steps.lib.json_files.json_reader import Json, JsonError, read_json

MAX_BYTES = 1_000_000
_UTF8_MARK = b"\xef\xbb\xbf"

Object: TypeAlias = "dict[str, Json]"


@dataclass(frozen=True)
class Document:
    """One config file. `file` is the path a person edits, relative to its repository; lines and columns start at 1."""

    file: str
    data: Json
    offsets: Mapping[JsonPath, int] = field(default_factory=dict, repr=False)
    _starts: list[int] = field(default_factory=list, repr=False)

    def line(self, path: JsonPath) -> int:
        """The line of the key (or list item) at `path`, or of the nearest thing around it that was written."""
        return bisect_right(self._starts, self._offset(path))

    def column(self, path: JsonPath) -> int:
        return self._offset(path) - self._starts[self.line(path) - 1] + 1

    def finding(self, path: JsonPath, problem: str) -> Finding:
        return Finding(self.file, self.line(path), show_path(path), problem)

    def place(self, path: JsonPath) -> str:
        """`file:line`, as errors about other files name this one."""
        return f"{self.file}:{self.line(path)}"

    def get(self, path: JsonPath) -> Json:
        """The value at `path`; None where nothing is written there."""
        value = self.data
        for step in path:
            if isinstance(step, str):
                value = value.get(step) if isinstance(value, dict) else None
            else:
                value = value[step] if isinstance(value, list) and step < len(value) else None
        return value

    def object(self, path: JsonPath) -> Object:
        """The object at `path`, empty where nothing is written; anything else is an InputError."""
        return cast("Object", self._of_kind(path, dict, "an object") or {})

    def list(self, path: JsonPath) -> list[Json]:
        """The list at `path`, empty where nothing is written; anything else is an InputError."""
        return cast("list[Json]", self._of_kind(path, list, "a list") or [])

    def text_at(self, path: JsonPath) -> str:
        """The text at `path`; missing or anything else is an InputError."""
        value = self._of_kind(path, str, "a text")
        if not value:
            raise InputError([self.finding(path, "missing, expected a text")])
        return cast("str", value)

    def _of_kind(self, path: JsonPath, kind: type, expected: str) -> Json:
        value = self.get(path)
        if value is not None and not isinstance(value, kind):
            raise InputError([self.finding(path, f"got {value!r:.60}, expected {expected}")])
        return value

    def _offset(self, path: JsonPath) -> int:
        known = (self.offsets[path[:length]] for length in range(len(path), -1, -1) if path[:length] in self.offsets)
        return next(known, 0)


def load(path: Path, file: str) -> Document:
    """Read the JSON file at `path`; `file` is its name in messages. Whatever is wrong with it is one InputError."""
    return parse(_decode(_read_bytes(path, file), file), file)


def parse(text: str, file: str) -> Document:
    """The document in `text`; malformed JSON and keys written twice are an InputError."""
    starts = [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]
    try:
        data, offsets, duplicates = read_json(text)
    except JsonError as error:
        line = bisect_right(starts, error.offset)
        column = error.offset - starts[line - 1] + 1
        raise InputError([Finding(file, line, f"column {column}", str(error))]) from error
    document = Document(file, data, offsets, starts)
    if duplicates:
        raise InputError([_duplicate(document, offset, path) for offset, path in duplicates])
    return document


def _duplicate(document: Document, offset: int, path: JsonPath) -> Finding:
    line = bisect_right(document._starts, offset)
    first = document.line(path)
    return Finding(document.file, line, show_path(path), f"written twice, first in line {first}, expected once")


def _read_bytes(path: Path, file: str) -> bytes:
    # A link could make a file of the agent's machine appear in an error message.
    if path.is_symlink():
        raise InputError([Finding(file, problem="is a symbolic link, expected a plain file")])
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError([Finding(file, problem="does not exist; add it to the repository")]) from error
    except OSError as error:
        raise InputError([Finding(file, problem=f"cannot be read: {error.strerror}")]) from error
    if len(content) > MAX_BYTES:
        raise InputError([Finding(file, problem=f"is larger than {MAX_BYTES:,} bytes, expected a config file")])
    return content


def _decode(content: bytes, file: str) -> str:
    if content.startswith(_UTF8_MARK):
        problem = "begins with a byte order mark, expected plain UTF-8; save it as 'UTF-8 without BOM'"
        raise InputError([Finding(file, 1, problem=problem)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"byte {content[error.start]:#04x} is not UTF-8, expected plain UTF-8; save it as UTF-8"
        raise InputError([Finding(file, line, problem=problem)]) from error
