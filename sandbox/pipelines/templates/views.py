"""Document nodes as values of expressions, and values back as nodes that remember where they were written."""
from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from decimal import Decimal
from typing import overload

from sandbox.pipelines.expressions.values import Value, is_array, is_object, to_text
from sandbox.pipelines.nodes import Mapping, Node, Position, Scalar, Sequence

_NULLS = ("", "~", "null", "Null", "NULL")


class NodeArray(AbstractSequence[Value]):
    """A sequence of the document; its elements become values when they are asked for."""

    def __init__(self, node: Sequence) -> None:
        self.node = node

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> list[Value]: ...
    def __getitem__(self, index: int | slice) -> Value:
        if isinstance(index, slice):
            return [to_value(item) for item in self.node.items[index]]
        return to_value(self.node.items[index])

    def __len__(self) -> int:
        return len(self.node.items)


class NodeObject(AbstractMapping[str, Value]):
    """A mapping of the document. Its keys keep their case."""

    def __init__(self, node: Mapping) -> None:
        self.node = node
        self._entries = {key.text: value for key, value in node.entries}

    def __getitem__(self, key: str) -> Value:
        return to_value(self._entries[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text in _NULLS


def to_value(node: Node) -> Value:
    """Scalars inside objects are text, whatever they look like; only Null is not."""
    if isinstance(node, Scalar):
        return None if is_null(node) else node.text
    return NodeArray(node) if isinstance(node, Sequence) else NodeObject(node)


def to_node(value: Value, position: Position) -> Node:
    """`value` as a node: a view is the node it shows, with its own positions; anything else is at `position`."""
    if isinstance(value, (NodeArray, NodeObject)):
        return value.node
    if is_array(value):
        return Sequence([to_node(item, position) for item in value], position)
    if is_object(value):
        entries = [(Scalar(key, position, plain=False), to_node(item, position)) for key, item in value.items()]
        return Mapping(entries, position)
    return Scalar(to_text(value), position, plain=isinstance(value, (bool, Decimal)))
