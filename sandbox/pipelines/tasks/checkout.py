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
_NOT_COPIED = {".git", ".venv", ".sandbox", "__pycache__"}
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
    work = task.job.run.request.work_folder.resolve()

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {name for name in names if name in _NOT_COPIED or not _is_copied(Path(folder, name), work)}

    try:
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True, ignore=left_out)
    except shutil.Error as error:
        (path, _, reason), *others = error.args[0]
        message = f"cannot copy {path}: {reason}{f', and {len(others)} more' if others else ''}"
        raise TaskError(message) from error
    except OSError as error:
        message = f"cannot copy {source}: {error}"
        raise TaskError(message) from error


def _is_copied(path: Path, work: Path) -> bool:
    """Not sockets and the like; and never the folder of the run itself, where the copy would copy itself."""
    return path.is_symlink() or path.is_file() or (path.is_dir() and path.resolve() != work)


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


