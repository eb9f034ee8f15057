"""Keeps what a run left behind in its folder: `result.json`, `log.txt`, `artifacts/`, `summaries/`."""
from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from sandbox.azure_devops.run_order import RunOrder
from sandbox.pipelines.request import RunResult


def write_record(run_id: int, order: RunOrder, result: RunResult, folder: Path) -> None:
    """Move logs, artifacts and summaries out of the agent's folders, which do not outlive the run."""
    (folder / "result.json").write_text(json.dumps(_as_data(run_id, order, result), indent=2) + "\n", encoding="utf-8")
    if result.log_file and result.log_file.exists():
        result.log_file = Path(shutil.move(result.log_file, folder / "log.txt"))
    else:
        (folder / "log.txt").write_text(result.log, encoding="utf-8")
    artifacts = {name: _moved(content, folder / "artifacts" / name) for name, content in result.artifacts.items()}
    result.artifacts = artifacts
    result.summaries = [_moved(page, folder / "summaries" / f"{number}.md")
                        for number, page in enumerate(result.summaries, start=1)]


def _as_data(run_id: int, order: RunOrder, result: RunResult) -> dict[str, object]:
    return {
        "id": run_id,
        "pipeline": order.pipeline.name,
        "repository": order.pipeline.repository,
        "ref": order.ref,
        "commit": order.commit,
        "reason": order.reason,
        "requested_for": asdict(order.requested_for),
        "result": result.result,
        "error": result.error,
        "stages": result.stages,
        "jobs": result.jobs,
        "steps": [asdict(step) for step in result.steps],
    }


def _moved(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.move(source, target))
