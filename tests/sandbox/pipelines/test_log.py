from __future__ import annotations

from pathlib import Path

from sandbox.pipelines.log import RunLog


def test_memory_keeps_the_tail_and_the_file_keeps_all(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "logs" / "log.txt", tail=20)
    for number in range(10):
        log.line("job", "step", f"line {number}")
    log.close()
    assert log.tail == "line 8\nline 9\n"
    assert log.file.read_text().count("\n") == 10


def test_one_line_longer_than_the_tail_is_cut_in_memory(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "log.txt", tail=5)
    log.line("job", "step", "1234567")
    log.close()
    assert log.tail == "34567\n"


def test_a_name_that_is_no_utf_8_is_written_escaped(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "log.txt")
    log.line("job", "step", b"feature/\xff".decode(errors="surrogateescape"))
    log.close()
    assert log.file.read_text() == "feature/\\udcff\n"
