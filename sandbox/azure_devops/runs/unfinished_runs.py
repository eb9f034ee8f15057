"""Closes the runs of a sandbox that was killed: it had no time to end their processes and to write their records."""
from __future__ import annotations

import shutil
from pathlib import Path

from sandbox.azure_devops.runs.run_record import LOG, ORDER, RESULT, read_record, write_result
from sandbox.pipelines.orphans import end_left_over
from sandbox.pipelines.request import RunResult
from sandbox.pipelines.results import Result

_REASON = "the sandbox ended before this run did"


def close_unfinished(runs: Path) -> list[int]:
    """End what steps left running below `runs`, mark runs without a result; their numbers. Only for whoever holds
    the state folder: no run may go on there.
    """
    if not runs.is_dir():
        return []
    end_left_over(runs.resolve())
    unfinished = sorted(int(folder.name) for folder in runs.iterdir()
                        if folder.name.isdigit() and not (folder / RESULT).exists())
    for number in unfinished:
        _abandon(number, runs / str(number))
    return unfinished


def _abandon(number: int, folder: Path) -> None:
    log = folder / "work" / "logs" / LOG
    if log.is_file() and not log.is_symlink() and not (folder / LOG).exists():
        shutil.move(log, folder / LOG)
    with (folder / LOG).open("a", encoding="utf-8") as stream:
        stream.write(f"\n##[error]The run was abandoned: {_REASON}\n")
    shutil.rmtree(folder / "work", ignore_errors=True)
    write_result(folder, read_record(folder / ORDER) or {"id": number},
                 RunResult(Result.ABANDONED.value, error=f"{_REASON}; start it again"))
