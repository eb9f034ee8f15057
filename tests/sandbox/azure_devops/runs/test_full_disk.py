"""A disk that is full fails runs with a sentence, and no thread with a traceback."""
from __future__ import annotations

import errno
import io
import json
from pathlib import Path

import pytest

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs import run_record
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run, RunQueue
from sandbox.azure_devops.runs.step_logs import StepLogs
from sandbox.pipelines.console import Console
from sandbox.pipelines.request import Identity, RunResult
from tests.sandbox.azure_devops.deployer import HELLO, Deployer

PIPELINE, ANNA = Pipeline(1, "listener", "churn", "pipeline.yml"), Identity("Anna", "anna@example.com")
ORDER = RunOrder(PIPELINE, "refs/heads/x", "c1", "Manual", ANNA)
_SECONDS = 60.0


class FullAtStages(io.StringIO):
    def write(self, text: str) -> int:
        if text.startswith("stage"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


def test_a_run_that_cannot_be_written_fails_and_says_why(tmp_path: Path) -> None:
    deployer, out = Deployer(tmp_path), FullAtStages()
    deployer.organisation.watch = lambda _: Console(out)
    run = deployer.run(HELLO)
    assert run.result is not None
    assert run.outcome == "failed"
    assert run.result.error == ("the sandbox cannot go on: [Errno 28] No space left on device; "
                                "make room, and start it again")
    assert f"error: {run.result.error}\nrun failed" in out.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_log_that_could_not_be_written_can_be_closed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/1.txt").symlink_to("/dev/full")
    logs = StepLogs(tmp_path, lambda: 0.0)
    log = logs.open()
    with pytest.raises(OSError, match="No space left on device"):
        logs.write(log, "a line")
    logs.close()


def executed(folder: Path) -> Run:
    """A run that has left something in its agents' folders."""
    def execute(run: Run) -> RunResult:
        (run.folder / "work").mkdir()
        (run.folder / "work" / "large").touch()
        return RunResult("succeeded")

    queue = RunQueue(folder, execute)
    run = queue.queue(ORDER)
    assert queue.wait(_SECONDS)
    assert run is not None
    return run


def test_the_result_is_kept_once_the_agents_folders_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole = run_record.write_whole

    def write(file: Path, data: dict[str, object]) -> None:
        if file.name == run_record.RESULT and (file.parent / "work").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        write_whole(file, data)

    monkeypatch.setattr(run_record, "write_whole", write)
    executed(tmp_path)
    assert json.loads((tmp_path / "1/result.json").read_text(encoding="utf-8"))["result"] == "succeeded"
    assert not (tmp_path / "1/work").exists()


def test_a_result_for_which_there_is_no_room_at_all_is_known_until_the_end(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(file: Path, _: dict[str, object]) -> None:
        if file.name == run_record.RESULT:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_record, "write_whole", write)
    assert executed(tmp_path).outcome == "succeeded"
    assert not (tmp_path / "1/work").exists()
