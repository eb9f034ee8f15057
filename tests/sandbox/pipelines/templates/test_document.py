"""YAML text into nodes."""
from __future__ import annotations

import pytest

from sandbox.pipelines.final import to_data
from sandbox.pipelines.nodes import Mapping, PipelineError, Scalar, Sequence
from sandbox.pipelines.templates.document import MAX_BYTES, load_document


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a:\n\t- b\n", "(Line: 2, Col: 1)", "cannot start any token"),
        ("a: &anchor 1\n", "(Line: 1, Col: 4)", "Anchors are not currently supported. Remove the anchor 'anchor'"),
        ("a: *anchor\n", "(Line: 1, Col: 4)", "Anchors are not currently supported"),
        ("a: 1\n---\nb: 2\n", "(Line: 2, Col: 1)", "one file holds one YAML document"),
        ("a: 1\nb: 2\nA: 3\n", "(Line: 3, Col: 1)", "'A' is already defined"),
        ("a: b: c\n", "(Line: 1, Col: 5)", "mapping values are not allowed"),
        ("a: [1\n", "(Line: 2, Col: 1)", "did not find expected"),
        ("? [a]\n: b\n", "(Line: 1, Col: 3)", "Expected a scalar as key"),
        ("a: !!python/name:os.system x\n", "(Line: 1, Col: 4)", "Unexpected tag"),
        ("a: " + "[" * 101 + "]" * 101, "(Line: 1, Col: 103)", "Maximum object depth exceeded"),
    ],
)
def test_refused_text_is_named_with_line_and_column(text: str, where: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        load_document(text.encode(), "/a.yml")
    assert str(caught.value).startswith(f"/a.yml {where}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00a", b"a: \x00", b"a: \xc3", b"\x89PNG\r\n\x1a\n\x00"])
def test_binary_file_is_refused(content: bytes) -> None:
    with pytest.raises(PipelineError, match=r"/a.yml \(Line: 1, Col: 1\): The file is not"):
        load_document(content, "/a.yml")


def test_file_above_one_mebibyte_is_refused() -> None:
    with pytest.raises(PipelineError, match=f"the maximum is {MAX_BYTES}"):
        load_document(b"a: " + b"x" * (MAX_BYTES - 2), "/a.yml")
    assert load_document(b"a: " + b"x" * (MAX_BYTES - 3), "/a.yml")


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    assert to_data(load_document(b"\xef\xbb\xbfa: 1", "/a.yml")) == {"a": "1"}


def test_empty_file_is_an_empty_scalar() -> None:
    assert load_document(b"# nothing\n", "/a.yml") == Scalar("", load_document(b"", "/a.yml").position)


def test_every_node_knows_where_it_was_written() -> None:
    root = load_document(b"a:\n- b: 'c'\n", "/a.yml")
    assert isinstance(root, Mapping)
    items = root.entries[0][1]
    assert isinstance(items, Sequence)
    inner = items.items[0]
    assert isinstance(inner, Mapping)
    assert [str(node.position) for node in (items, inner, inner.entries[0][1])] == [
        "/a.yml (Line: 2, Col: 1)", "/a.yml (Line: 2, Col: 3)", "/a.yml (Line: 2, Col: 6)",
    ]


def test_quotes_are_remembered() -> None:
    root = load_document(b"[a, 'a', \"a\", null]", "/a.yml")
    assert isinstance(root, Sequence)
    assert [item.plain for item in root.items if isinstance(item, Scalar)] == [True, False, False, True]
