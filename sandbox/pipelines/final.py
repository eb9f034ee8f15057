"""The expanded pipeline written out: as YAML text, or as plain data."""
from __future__ import annotations

from typing import Any

import yaml

from sandbox.pipelines.nodes import Node, Scalar, Sequence

_LONG = 1 << 30  # never fold a line


def to_data(node: Node) -> Any:  # noqa: ANN401 - the shape is the document's
    """Mappings and lists with every scalar as text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    return {key.text: to_data(value) for key, value in node.entries}


def to_yaml(node: Node) -> str:
    """YAML text which reads back as the same tree; multi-line text stays readable as a block."""
    text: str = yaml.serialize(_yaml_node(node), Dumper=yaml.SafeDumper, width=_LONG, allow_unicode=True)
    return text


def _yaml_node(node: Node) -> yaml.Node:
    if isinstance(node, Scalar):
        return _yaml_scalar(node)
    if isinstance(node, Sequence):
        items = [_yaml_node(item) for item in node.items]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=not items)
    pairs = [(_yaml_scalar(key), _yaml_node(value)) for key, value in node.entries]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=not pairs)


def _yaml_scalar(scalar: Scalar) -> yaml.ScalarNode:
    if "\n" in scalar.text:
        return yaml.ScalarNode("tag:yaml.org,2002:str", scalar.text, style="|")
    tag = _RESOLVER.resolve(yaml.ScalarNode, scalar.text, (True, False))  # type: ignore[no-untyped-call]
    if scalar.plain or scalar.text in ("True", "False"):
        return yaml.ScalarNode(tag, scalar.text)
    return yaml.ScalarNode("tag:yaml.org,2002:str", scalar.text)


_RESOLVER = yaml.resolver.Resolver()
