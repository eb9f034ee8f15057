"""Keeps what a run left behind in its folder: `result.json`, `log.txt`, `artifacts/`, `summaries/`, `logs/`.

A run that has not ended has `order.json` instead of the first.
"""
from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sandbox.pipelines.request import RunResult

ORDER, RESULT, LOG = "order.json", "result.json", "log.txt"


def write_order(folder: Path, order: Mapping[str, object]) -> None:
    """What a later start can tell of the run if this process never comes to its end."""
    write_whole(folder / ORDER, order)


def write_record(folder: Path, order: Mapping[str, object], result: RunResult) -> None:
    """Move logs, artifacts and summaries out of the agent's folders, which do not outlive the run."""
    if result.log_file and result.log_file.exists():
        result.log_file = Path(shutil.move(result.log_file, folder / LOG))
    else:
        (folder / LOG).write_text(result.log, encoding="utf-8")
    artifacts = {name: _moved(content, folder / "artifacts" / name) for name, content in result.artifacts.items()}
    result.artifacts = artifacts
    result.summaries = [_moved(page, folder / "summaries" / f"{number}.md")
                        for number, page in enumerate(result.summaries, start=1)]
    # Last, since a folder without it counts as a run that never ended.
    write_result(folder, order, result)


def write_result(folder: Path, order: Mapping[str, object], result: RunResult) -> None:
    write_whole(folder / RESULT, {
        **order,
        "state": "completed",
        "result": result.result,
        "error": result.error,
        "stages": result.stages,
        "jobs": result.jobs,
        "steps": [asdict(step) for step in result.steps],
    })
    (folder / ORDER).unlink(missing_ok=True)


def write_whole(file: Path, data: Mapping[str, object]) -> None:
    """All of it or nothing, whenever the process may be killed."""
    new = file.with_suffix(".new")
    new.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    new.replace(file)


def is_full(error: OSError) -> bool:
    """Whether nothing more can be written to this disk, or by this user."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def read_record(file: Path) -> dict[str, object]:
    """Empty where there is none, or none that can be read."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _moved(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(source, target))
