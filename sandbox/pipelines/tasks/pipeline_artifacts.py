"""Artifacts of the run: PublishPipelineArtifact@1, DownloadPipelineArtifact@2 and the keyword `download`."""
from __future__ import annotations

from pathlib import Path

from sandbox.pipelines.artifacts import ArtifactError
from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskError

_HERE = ("pipeline", "container", "")
_EVERYTHING = ["**"]


def publish(task: Task) -> Result:
    if task.inputs.get("publishlocation", "").lower() not in _HERE:
        message = "publishing to a file share is not modelled by this engine"
        raise TaskError(message)
    name = task.inputs.get("artifact", "")
    if not name:
        message = "an artifact without a name is not modelled by this engine; give the input 'artifact'"
        raise TaskError(message)
    source = task.folder("path", "Pipeline.Workspace")
    count = _told(task.job.run.artifacts.publish, name, source)
    task.state.write(f"Published {count} {'file' if count == 1 else 'files'} from {source} as artifact {name}")
    return Result.SUCCEEDED


def download(task: Task) -> Result:
    """DownloadPipelineArtifact@2: a named artifact lands in the path itself, all of them in one folder each."""
    if task.inputs.get("source", "current").lower() != "current":
        message = "downloading from another run is not modelled by this engine"
        raise TaskError(message)
    return _download(task, task.folder("path", "Pipeline.Workspace"))


def download_keyword(task: Task) -> Result:
    """`download: current` puts each artifact, also a named one, into a folder of its name."""
    alias = task.inputs.get("alias", "current").lower()
    if alias == "none":
        return Result.SUCCEEDED
    if alias != "current":
        message = f"downloading from the pipeline resource '{alias}' is not modelled by this engine"
        raise TaskError(message)
    target = task.folder("path", "Pipeline.Workspace")
    return _download(task, target if task.inputs.get("path") else target / task.inputs.get("artifact", ""))


def _download(task: Task, target: Path) -> Result:
    name = task.inputs.get("artifact", "")
    patterns = task.lines("patterns") or _EVERYTHING
    count = _told(task.job.run.artifacts.download, name, target, patterns)
    task.state.write(f"Downloaded {count} files of {name or 'every artifact'} to {target}")
    return Result.SUCCEEDED


def _told(work: object, *arguments: object) -> int:
    try:
        return int(work(*arguments)) if callable(work) else 0
    except ArtifactError as error:
        raise TaskError(str(error)) from error
