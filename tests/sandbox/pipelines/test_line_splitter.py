from __future__ import annotations

import pytest

from sandbox.pipelines.line_splitter import LineSplitter

CHUNKS = [
    pytest.param([b"a\nb\n"], ["a", "b"], id="whole lines"),
    pytest.param([b"a", b"b\nc", b"d"], ["ab", "cd"], id="pieces"),
    pytest.param([b"a\r\n\n"], ["a", ""], id="carriage return and empty line"),
    pytest.param(["ä".encode()[:1], "ä\n".encode()[1:]], ["ä"], id="character in two chunks"),
    pytest.param([b"\xff\n"], ["�"], id="not UTF-8"),
    pytest.param([], [], id="nothing"),
]


@pytest.mark.parametrize(("chunks", "expected"), CHUNKS)
def test_bytes_become_lines(chunks: list[bytes], expected: list[str]) -> None:
    splitter = LineSplitter()
    found = [line for chunk in chunks for line in splitter.feed(chunk)]
    assert [*found, *splitter.close()] == expected


def test_a_line_over_the_limit_is_left_out_and_said() -> None:
    splitter = LineSplitter(limit=4)
    found = [*splitter.feed(b"12345"), *splitter.feed(b"6\nnext\n")]
    assert found[0].startswith("##[warning]a line of 6 bytes was left out")
    assert found[1:] == ["next"]
