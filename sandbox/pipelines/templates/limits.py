"""Bounds that end a cycle or a bomb in an error: https://learn.microsoft.com/azure/devops/pipelines/process/templates."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.pipelines.nodes import Node, PipelineError, Position, Scalar, Sequence

MAX_FILES = 100
MAX_DEPTH = 100
MAX_BYTES = 20_000_000
MAX_EVENTS = 400_000  # of the service's ten million: what no real pipeline reaches, and a laptop ends in seconds
TEMPLATE_EVENTS = 6  # a template costs as much as this many other events
_NODE_BYTES = 50


class Budget:
    """What one expansion has used so far."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._depth = 0
        self._events = 0
        self._bytes = 0
        self._weights: dict[int, tuple[Node, int]] = {}

    def add_file(self, name: str, position: Position) -> None:
        """Separate files count, not how often they are used."""
        self._files.add(name)
        if len(self._files) > MAX_FILES:
            message = f"The pipeline includes more than {MAX_FILES} files"
            raise PipelineError(message, position)

    @contextmanager
    def deeper(self, position: Position) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = "Maximum object depth exceeded"
            raise PipelineError(message, position)
        try:
            yield
        finally:
            self._depth -= 1

    def add_event(self, position: Position, count: int = 1) -> None:
        self._events += count
        if self._events > MAX_EVENTS:
            message = "Maximum events exceeded while evaluating the template. This may indicate an infinite loop."
            raise PipelineError(message, position)

    def add_text(self, text: str, position: Position) -> None:
        self._add_bytes(_NODE_BYTES + 2 * len(text), position)

    def add_node(self, node: Node, position: Position) -> None:
        """A node that is inserted as it is counts in full, however often it is shared."""
        self._add_bytes(self._weight(node), position)

    def _add_bytes(self, size: int, position: Position) -> None:
        self._bytes += size
        if self._bytes > MAX_BYTES:
            message = "Maximum object size exceeded"
            raise PipelineError(message, position)

    def _weight(self, node: Node) -> int:
        if isinstance(node, Scalar):
            return _NODE_BYTES + 2 * len(node.text)
        if id(node) not in self._weights:
            inner = node.items if isinstance(node, Sequence) else [part for entry in node.entries for part in entry]
            self._weights[id(node)] = node, _NODE_BYTES + sum(self._weight(part) for part in inner)
        return self._weights[id(node)][1]
