"""The checkout keyword: a repository at the run's commit, in the folder a real agent would use."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.pipelines.folders import checkout_folder, clone_folder_name
from sandbox.pipelines.results import Result
from sandbox.pipelines.tasks.task import Task, TaskError

if TYPE_CHECKING:
    from sandbox.pipelines.repositories import Commit

SHALLOW = 1  # what every pipeline created since September 2022 has in its settings; `fetchDepth: 0` fetches all
_ONLY_FALSE = ("persistcredentials", "lfs", "submodules")


def check_out(task: Task) -> Result:
    alias = task.inputs.get("repository", "self")
    if alias == "none":
        return Result.SUCCEEDED
    for name in _ONLY_FALSE:
        if task.inputs.get(name, "false").lower() != "false":
            message = f"checkout with '{name}: {task.inputs[name]}' is not modelled by this engine"
            raise TaskError(message)
    commit = task.job.run.commit_of(alias)
    if commit is None:
        message = f"the repository '{alias}' is not a resource of this pipeline"
        raise TaskError(message)
    target = _target(task, commit)
    if task.job.run.request.repositories.is_git(commit.repository):
        _fetch(task, commit, target)
    else:
        _copy(task, commit, target)
    _tell_where(task, alias, commit, target)
    return Result.SUCCEEDED


def _target(task: Task, commit: Commit) -> Path:
    build = task.job.folders.build.resolve()
    relative = checkout_folder(commit.repository, task.inputs.get("path", ""), several=task.job.several_checkouts)
    target = (build / relative).resolve()
    if target == build or not target.is_relative_to(build):
        message = f"checkout path '{relative}' has to be a folder below {build}"
        raise TaskError(message)
    return target


def _fetch(task: Task, commit: Commit, target: Path) -> None:
    source = task.job.run.request.repositories.path_of(commit.repository).resolve()
    target.mkdir(parents=True, exist_ok=True)
    depth = task.inputs.get("fetchdepth", str(SHALLOW))
    shallow = [f"--depth={depth}"] if depth.isdigit() and int(depth) else []
    tags = "--tags" if task.flag("fetchtags") else "--no-tags"
    task.state.write(f"Syncing repository: {clone_folder_name(commit.repository)} ({commit.ref} at {commit.sha})")
    again = (target / ".git").exists()
    _git(task, target, "init", "--quiet", "--initial-branch=main")
    _git(task, target, "remote", "set-url" if again else "add", "origin", source.as_uri())
    _git(task, target, "fetch", "--quiet", "--force", tags, *shallow, "origin", f"+{commit.sha}:{_remote_ref(commit)}")
    _git(task, target, "-c", "advice.detachedHead=false", "checkout", "--quiet", "--force", commit.sha)


def _remote_ref(commit: Commit) -> str:
    kept = commit.ref.removeprefix("refs/heads/")
    return f"refs/remotes/origin/{kept}" if kept != commit.ref else f"refs/remotes/{commit.ref.removeprefix('refs/')}"


def _git(task: Task, folder: Path, *arguments: str) -> None:
    git = shutil.which("git", path=task.environment.get("PATH"))
    if git is None:
        message = "Unable to locate executable file: 'git'"
        raise TaskError(message)
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    outcome = task.run([git, *arguments], folder, {**task.environment, **quiet})
    if outcome.code:
        message = f"Git {arguments[0]} failed with exit code: {outcome.code}"
        raise TaskError(message)


def _copy(task: Task, commit: Commit, target: Path) -> None:
    """A folder that is no git repository stands for its own only commit."""
    source = task.job.run.request.repositories.path_of(commit.repository)
    task.state.write(f"Copying {clone_folder_name(commit.repository)}, which is a plain folder")
    ignore = shutil.ignore_patterns(".git", ".venv", ".sandbox", "__pycache__")
    try:
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True, ignore=ignore)
    except (OSError, shutil.Error) as error:
        message = f"cannot copy {source}: {error}"
        raise TaskError(message) from error


def _tell_where(task: Task, alias: str, commit: Commit, target: Path) -> None:
    """Only a single checkout moves Build.SourcesDirectory; with several it stays for compatibility."""
    variables = task.job.variables
    if not task.job.several_checkouts:
        variables.set("Build.SourcesDirectory", str(target), read_only=True)
    default = checkout_folder(commit.repository, "", several=task.job.several_checkouts)
    moved = target != (task.job.folders.build / default).resolve()
    if alias.lower() == "self" and (moved or not task.job.several_checkouts):
        variables.set("Build.Repository.LocalPath", str(target), read_only=True)
    if task.flag("workspacerepo"):
        variables.set("System.DefaultWorkingDirectory", str(target), read_only=True)


