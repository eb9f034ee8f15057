from __future__ import annotations

import pytest

from sandbox.databricks.notebooks.output import Output, Redaction


def redaction(*values: bytes) -> Redaction:
    made = Redaction()
    for value in values:
        made.add(value)
    return made


@pytest.mark.parametrize(("values", "text", "shown"), [
    ((), "abc", "abc"), ((b"b",), "abcb", "a[REDACTED]c[REDACTED]"), ((b"ab", b"abc"), "abcab", "[REDACTED][REDACTED]"),
    ((b"", b" \n"), "a \n", "a \n"), ((b"\xff",), "a\ufffdb", "a[REDACTED]b"),
], ids=["none", "twice", "longest first", "blank", "no text"])
def test_secrets_are_replaced(values: tuple[bytes, ...], text: str, shown: str) -> None:
    assert redaction(*values).redacted(text) == shown


def test_a_secret_that_came_in_pieces_is_replaced() -> None:
    output = Output()
    for letter in "a secret b":
        output.add(letter.encode())
    assert output.text(redaction(b"secret")) == "a [REDACTED] b"


def test_output_is_kept_up_to_the_limit() -> None:
    output = Output(limit=4)
    output.add(b"abcd")
    assert output.text(Redaction()) == "abcd"
    output.add(b"e")
    assert output.text(Redaction()) == "abcd\n*** output was cut off at 4 bytes ***\n"


def test_a_secret_cut_by_the_limit_leaves_no_piece() -> None:
    output = Output(limit=6)
    output.add(b"abc secret and more")
    assert output.text(redaction(b"secret")).startswith("abc \n***")
