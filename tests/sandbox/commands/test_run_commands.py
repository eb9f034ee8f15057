"""`run`, `runs`, `logs`, `approve` and `reject`, against a served organisation."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.__main__ import main
from tests.sandbox.azure_devops.rest.office import Office

_SECONDS = 60.0


@pytest.fixture
def waiting(office: Office, state: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The state folder, with a run that waits for an approval."""
    assert main(["run", "deploy", "--state", str(state)]) == 0
    assert capsys.readouterr().out.startswith("run 1 of deploy is started; ")
    office.organisation.checkpoint.approvals.await_pending(1, _SECONDS)
    return state


def said(state: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main([*arguments, "--state", str(state)]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_a_run_that_waits_is_listed_with_whom_it_waits_for(waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(waiting, capsys, "runs").splitlines()
    assert lines[0].split() == ["run", "state", "pipeline", "for", "waits", "for"]
    assert lines[1].split() == ["1", "inProgress", "deploy", "main", "approval", "by", "Ben", "Holm"]


@pytest.mark.parametrize(("verb", "told", "outcome"), [
    ("approve", "approved: run 1 of deploy\n", "succeeded"), ("reject", "rejected: run 1 of deploy\n", "failed"),
])
def test_a_decision_lets_the_run_end(office: Office, waiting: Path, capsys: pytest.CaptureFixture[str], verb: str,
                                     told: str, outcome: str) -> None:
    assert said(waiting, capsys, verb, "1", "--comment", "read") == told
    assert office.organisation.runs.wait(_SECONDS)
    assert office.organisation.runs.runs()[0].outcome == outcome
    assert outcome in said(waiting, capsys, "runs")


def test_stages_and_logs_of_a_run_are_shown(office: Office, waiting: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(waiting, capsys, "approve")
    assert office.organisation.runs.wait(_SECONDS)
    assert "deploy: succeeded" in said(waiting, capsys, "runs", "1")
    assert "deployed" in said(waiting, capsys, "logs", "1")


@pytest.mark.parametrize(("arguments", "told"), [
    (["run", "deplyo"], "there is no pipeline 'deplyo', expected one of 'deploy'"),
    (["approve"], "no run waits for an approval"),
    (["reject", "7"], "run 7 does not wait for an approval"),
    (["logs", "7"], "7"),
])
def test_what_cannot_be_done_is_told_in_a_sentence(state: Path, capsys: pytest.CaptureFixture[str],
                                                   arguments: list[str], told: str) -> None:
    assert told in said(state, capsys, *arguments, code=1)


def test_an_unknown_step_names_those_there_are(office: Office, waiting: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    said(waiting, capsys, "approve")
    assert office.organisation.runs.wait(_SECONDS)
    assert "run 1 has no step with 'nowhere' in its name, expected one of" in said(
        waiting, capsys, "logs", "1", "--step", "nowhere", code=1)


def test_several_runs_that_wait_have_to_be_told_apart(office: Office, waiting: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    said(waiting, capsys, "run", "deploy")
    office.organisation.checkpoint.approvals.await_pending(2, _SECONDS)
    assert "2 runs wait for an approval, name one: " in said(waiting, capsys, "approve", code=1)


@pytest.mark.parametrize("content", [None, "{", "{}"], ids=["none", "broken", "empty"])
def test_without_a_sandbox_there_is_nobody_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                  content: str | None) -> None:
    if content is not None:
        (tmp_path / "addresses.json").write_text(content)
    assert ("addresses.json" if content else "no sandbox is up in") in said(tmp_path, capsys, "runs", code=1)


def test_without_any_run_the_list_says_so(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(state, capsys, "runs") == "No run yet.\n"
