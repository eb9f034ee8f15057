from __future__ import annotations

import json
from pathlib import Path

import pytest

from steps.lib.deployment.record import Origin, Record
from steps.lib.errors import InputError, ServiceError
from tests.steps.fake_clock import FakeClock


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "generated", Origin("17", "c0ffee", "anna@example.com"), FakeClock())


def entries(record: Record) -> list[dict[str, object]]:
    data: dict[str, list[dict[str, object]]] = json.loads((record.directory / "deployment_record.json").read_text())
    return data["entries"]


def test_an_entry_says_who_did_what_when_and_where(record: Record) -> None:
    with record.entry("a_step", "https://h.test", ["edit: x"]) as entry:
        entry.result = "applied"
    assert entries(record) == [{
        "step": "a_step", "time": "2026-01-01T12:00:00Z", "requested_for": "anna@example.com", "commit": "c0ffee",
        "run_id": "17", "workspace": "https://h.test", "plan": ["edit: x"], "result": "applied"}]


def test_entries_of_later_steps_are_added(record: Record) -> None:
    for name in ("one", "two"):
        with record.entry(name, "h", []) as entry:
            entry.result = "unchanged"
    assert [entry["step"] for entry in entries(record)] == ["one", "two"]


def test_a_step_that_fails_half_way_is_on_record_with_its_error(record: Record) -> None:
    message = "busy\n##vso[x]"
    with pytest.raises(ServiceError), record.entry("a_step", "h", []):
        raise ServiceError(message)
    assert entries(record)[0]["result"] == "failed: busy\\n# #vso[x]"


def test_the_path_of_the_record_is_an_output_also_of_a_step_that_fails(
        record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    message = "busy"
    with pytest.raises(ServiceError), record.entry("a_step", "h", []):
        raise ServiceError(message)
    path = record.directory.resolve() / "deployment_record.json"
    assert f"##vso[task.setvariable variable=deploymentRecord;isOutput=true]{path}\n" in capsys.readouterr().out


def test_a_bug_is_on_record_too(record: Record) -> None:
    with pytest.raises(KeyError), record.entry("a_step", "h", []):
        raise KeyError
    assert entries(record)[0]["result"] == "failed"


@pytest.mark.parametrize("text", ["{", "[]", '{"entries": {}}', '{"other": []}', "null"])
def test_a_file_that_is_no_record_is_not_overwritten(record: Record, text: str) -> None:
    record.directory.mkdir()
    path = record.directory / "deployment_record.json"
    path.write_text(text)
    with pytest.raises(InputError, match="is no deployment record"), record.entry("a_step", "h", []):
        pass
    assert path.read_text() == text


def test_nothing_but_the_files_is_left_behind(record: Record) -> None:
    with record.entry("a_step", "h", []):
        pass
    assert sorted(path.name for path in record.directory.rglob("*") if path.is_file()) == [
        "a_step.md", "deployment_record.json"]


def test_the_summary_is_uploaded_by_its_whole_path(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    with record.entry("a_step", "h", []):
        pass
    path = record.directory / "summary/a_step.md"
    assert f"##vso[task.uploadsummary]{path}\n" in capsys.readouterr().out


def test_foreign_text_in_the_summary_is_no_markdown_and_no_html(record: Record) -> None:
    with record.entry("a_step", "h", ["tag: [x](https://evil.test) <img src=x> `a` **b** # ##vso[c]\n# head"]) as entry:
        entry.result = "applied"
    lines = (record.directory / "summary/a_step.md").read_text().splitlines()
    plan = ["tag: [x](https://evil.test) <img src=x> `a` **b** # # #vso[c]\\n# head"]
    facts = "Result ` applied `, workspace ` h `, commit ` c0ffee `"
    assert lines == ["### A step", "", facts, "", "```", *plan, "```"]


def test_a_record_that_cannot_be_written_tells_the_result_instead(record: Record) -> None:
    record.directory.write_text("no folder")
    with pytest.raises(InputError, match="GENERATED_DIRECTORY") as caught, record.entry("a_step", "h", []) as entry:
        entry.result = "applied"
    assert caught.value.lines[1] == "a_step: applied"


def test_text_that_no_file_can_hold_is_an_input_error(tmp_path: Path) -> None:
    record = Record(tmp_path, Origin("17", "c0ffee", "anna\ud800"), FakeClock())
    with pytest.raises(InputError, match="surrogates not allowed"), record.entry("a_step", "h", []):
        pass
