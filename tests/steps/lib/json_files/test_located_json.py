from __future__ import annotations

from pathlib import Path

import pytest

from steps.lib.errors import InputError
from steps.lib.json_files.located_json import Document, load


def written(folder: Path, content: str | bytes) -> Document:
    path = folder / "config.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(path, "config.json")


def refused(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        written(folder, content)
    return str(caught.value)


def test_names_line_and_column_of_a_value(tmp_path: Path) -> None:
    document = written(tmp_path, '{\n  "a": {\n    "b": [1,\n      2]}}')
    assert (document.line(("a", "b", 1)), document.column(("a", "b", 1))) == (4, 7)


def test_names_the_nearest_thing_around_what_is_absent(tmp_path: Path) -> None:
    document = written(tmp_path, '{\n  "a": {\n    "b": 1}}')
    assert str(document.finding(("a", "c"), "missing")) == "config.json:2: a.c: missing"


def test_quotes_keys_that_are_no_plain_words(tmp_path: Path) -> None:
    finding = written(tmp_path, '{"a": {"x.y": [0]}}').finding(("a", "x.y", 0), "odd")
    assert finding.path == 'a["x.y"][0]'


def test_malformed_json_names_line_column_and_what_was_expected(tmp_path: Path) -> None:
    assert refused(tmp_path, '{\n  "a": 1,\n}') == (
        "config.json:3: column 1: got '}' after a comma, expected another value; remove the comma")


def test_a_key_written_twice_names_both_lines(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"a": 1,\n "b": 2,\n "a": 3}') == (
        "config.json:3: a: written twice, first in line 1, expected once")


@pytest.mark.parametrize(("content", "words"), [
    pytest.param(b"\xef\xbb\xbf{}", "config.json:1: begins with a byte order mark", id="utf-8-mark"),
    pytest.param(b'{\n"a": "\xe9"}', "config.json:2: byte 0xe9 is not UTF-8", id="latin-1"),
    pytest.param('{"a": 1}'.encode("utf-16"), "byte 0xff is not UTF-8", id="utf-16"),
    pytest.param(b" " * 1_000_001, "larger than 1,000,000 bytes", id="huge"),
    pytest.param(b"", "config.json:1: column 1: got the end of file", id="empty"),
])
def test_content_that_is_no_plain_json_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refused(tmp_path, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"jobs_config\.json: does not exist"):
        load(tmp_path / "absent.json", "jobs_config.json")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.json: cannot be read"):
        load(tmp_path, "config.json")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target.json").write_text("{}", "utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
    with pytest.raises(InputError, match="symbolic link"):
        load(tmp_path / "link.json", "config.json")


def test_typed_reads_refuse_another_type_with_its_line(tmp_path: Path) -> None:
    document = written(tmp_path, '{"a":\n [1]}')
    assert document.list(("a",)) == [1]
    assert document.object(("b",)) == {}
    with pytest.raises(InputError, match=r"config\.json:1: a: got \[1\], expected an object"):
        document.object(("a",))
