"""The final pipeline written out."""
from __future__ import annotations

import pytest
import yaml

from sandbox.pipelines.final import to_data, to_yaml
from sandbox.pipelines.nodes import Mapping, Position, Scalar, Sequence
from sandbox.pipelines.templates.document import load_document

AT = Position("/a.yml", 1, 1)


@pytest.mark.parametrize(
    "text",
    ["a", "", "a: b", "# x", "- a", "echo \"x\" 'y'\n", "a\n\nb\n", " lead", "trail \nx", "é", "*.py", "&x", "@y"],
)
def test_text_survives_a_round_trip(text: str) -> None:
    node = Mapping([(Scalar("k", AT), Scalar(text, AT, plain=False))], AT)
    assert to_data(load_document(to_yaml(node).encode(), "/b.yml")) == {"k": text}


@pytest.mark.parametrize(
    ("text", "plain", "value"),
    [("1", True, 1), ("1", False, "1"), ("true", True, True), ("true", False, "true"), ("True", False, True),
     ("3.10", False, "3.10"), ("yes", False, "yes"), ("null", False, "null"), ("", True, None), ("", False, "")],
)
def test_quotes_keep_text_from_becoming_something_else(text: str, plain: bool, value: object) -> None:
    assert yaml.safe_load(to_yaml(Sequence([Scalar(text, AT, plain=plain)], AT))) == [value]


def test_node_that_is_shared_is_written_twice() -> None:
    shared = Sequence([Scalar("a", AT)], AT)
    assert "&" not in to_yaml(Sequence([shared, shared], AT))


def test_script_stays_readable() -> None:
    assert to_yaml(Mapping([(Scalar("script", AT), Scalar("a\nb\n", AT))], AT)) == "script: |\n  a\n  b\n"


def test_long_line_is_not_folded() -> None:
    line = "word " * 100 + "end"
    assert to_yaml(Sequence([Scalar(line, AT)], AT)) == f"- {line}\n"
