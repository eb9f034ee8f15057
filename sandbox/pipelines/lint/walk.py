"""The places of a pipeline document that security rules look at: every key, its value and what stands around it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.pipelines.nodes import Mapping, Node, Position, Scalar, Sequence

# Where a rule is broken, and what to write instead.
Found = Iterator[tuple[Position, str]]


@dataclass(frozen=True)
class Place:
    """One `key: value` of a mapping. `above` are the keys around it from the root on, without those of sequences."""

    key: Scalar
    value: Node
    owner: Mapping
    above: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.key.text

    @property
    def text(self) -> str:
        return self.value.text if isinstance(self.value, Scalar) else ""


def places(node: Node, above: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every place of the document, outer ones first."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from places(item, above)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield Place(key, value, node, above)
            yield from places(value, (*above, key.text))
