"""YAML text into nodes as the service's own reader takes it: no anchors, one document, bounded size and depth."""
from __future__ import annotations

from collections.abc import Iterator

import yaml

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence

MAX_BYTES = 1 << 20
MAX_DEPTH = 100
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C reader is ten times faster, but not built everywhere
_STANDARD_TAGS = tuple(f"tag:yaml.org,2002:{name}" for name in ("str", "null", "bool", "int", "float"))


def load_document(content: bytes, file: str) -> Node:
    """The only document of `content`. An empty file is an empty scalar. Raises `PipelineError` with line and column."""
    start = Position(file, 1, 1)
    if len(content) > MAX_BYTES:
        message = f"The file is {len(content)} bytes long, the maximum is {MAX_BYTES}"
        raise PipelineError(message, start)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8 text: byte {error.start} cannot be read"
        raise PipelineError(message, start) from error
    try:
        return _Reader(yaml.parse(text, Loader=_Loader), file).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, file) from error
    except yaml.YAMLError as error:
        message = f"The file is not YAML text: {' '.join(str(error).split())}"
        raise PipelineError(message, start) from error


class _Reader:
    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self._events = events
        self._file = file

    def document(self) -> Node:
        root: Node = Scalar("", Position(self._file, 1, 1))
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refuse(event, "Expected the end of the file: one file holds one YAML document")
                root = self._node(next(self._events), 1)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._refuse(event, "Maximum object depth exceeded")
        self._refuse_anchor(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.tag is not None and event.tag != "!" and event.tag not in _STANDARD_TAGS:
            raise self._refuse(event, f"Unexpected tag '{event.tag}'")
        return Scalar(event.value, self._position(event), plain=not event.style)

    def _sequence(self, event: yaml.Event, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(inner, depth + 1))
        return Sequence(items, self._position(event))

    def _mapping(self, event: yaml.Event, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        known: set[str] = set()
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            key = self._node(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise self._refuse(inner, "Expected a scalar as key")
            if key.text.casefold() in known:
                raise self._refuse(inner, f"'{key.text}' is already defined")
            if "${{" not in key.text:  # two directives may read the same; results are compared once they are known
                known.add(key.text.casefold())
            entries.append((key, self._node(next(self._events), depth + 1)))
        return Mapping(entries, self._position(event))

    def _refuse_anchor(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(event, f"Anchors are not currently supported. Remove the alias '*{event.anchor}'")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise self._refuse(event, f"Anchors are not currently supported. Remove the anchor '{event.anchor}'")

    def _position(self, event: yaml.Event) -> Position:
        if event.start_mark is None:
            return Position(self._file, 1, 1)
        return Position(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: yaml.Event, message: str) -> PipelineError:
        return PipelineError(message, self._position(event))


def _syntax_error(error: yaml.MarkedYAMLError, file: str) -> PipelineError:
    mark = error.problem_mark or error.context_mark
    position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1, 1)
    context = f"{error.context[:1].upper()}{error.context[1:]}, " if error.context else ""
    return PipelineError(f"{context}{error.problem}", position)
