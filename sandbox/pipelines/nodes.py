"""The tree a YAML document becomes. Every node knows the file, line and column it came from, also after expansion."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Position:
    """`file` is a path inside its repository, with `@alias` where that is not the entry's; lines start at 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file} (Line: {self.line}, Col: {self.column})"


@dataclass(slots=True)
class Scalar:
    """A value as text. `plain` is True for an unquoted scalar: only those can be null, true or a number."""

    text: str
    position: Position
    plain: bool = True


@dataclass(slots=True)
class Sequence:
    items: list[Node]
    position: Position


@dataclass(slots=True)
class Mapping:
    """Entries in the order written. Keys are scalars; before expansion a key may be a `${{ }}` directive."""

    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    position: Position = Position("", 0, 0)

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = "Scalar | Sequence | Mapping"


class PipelineError(Exception):
    """The engine refuses the input. Reads as the service words it: `/file.yml (Line: n, Col: n): message`."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(f"{position}: {message}" if position else message)
        self.position = position


def misplaced(node: Node, wanted: str) -> PipelineError:
    """`node` is of another kind than its place takes; the first half is what the service says."""
    what = "A mapping was not expected" if isinstance(node, Mapping) else "A sequence was not expected"
    if isinstance(node, Scalar):
        what = f"Unexpected value '{node.text}'"
    return PipelineError(f"{what}; expected {wanted}", node.position)
