"""What `python -m sandbox pipelines` does, apart from reading its arguments."""
from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.repositories import Commit, Repositories
from sandbox.pipelines.request import RunRequest, RunResult, Variable

SUCCESS, FAILED, REFUSED = 0, 1, 2
_GOOD = ("succeeded", "succeededWithIssues")
_KEPT_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "USER")
_KEPT_PREFIXES = ("PIP_", "REQUESTS_CA_BUNDLE", "SSL_CERT_", "http_proxy", "https_proxy", "no_proxy")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class RunOptions:
    entry: Path
    repositories: Pairs
    parameters: Mapping[str, str]
    variables: Pairs
    secrets: Pairs
    group_files: Sequence[Path]
    stages: Sequence[str]
    report: Path | None
    work_folder: Path | None


def expand_entry(entry: Path, places: Pairs, parameters: Mapping[str, str]) -> int:
    """Print the final YAML, or the refusal."""
    from sandbox.pipelines.final import to_yaml
    from sandbox.pipelines.predefined import compile_time
    from sandbox.pipelines.templates import expand

    def work() -> int:
        repositories, commit, path = _sources(entry, places)
        predefined = compile_time(RunRequest(path, commit, repositories, Path()))
        root = expand(path, repositories, commit, parameters=parameters, predefined=predefined).root
        sys.stdout.write(to_yaml(root))
        return SUCCESS

    return _told(work)


def run_entry(options: RunOptions) -> int:
    """Run the pipeline and show it live; Ctrl-C cancels it as the button of the service would."""
    with ExitStack() as stack:
        work_folder = options.work_folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pipeline-")))
        return _told(lambda: _run(options, work_folder))


def evaluate_expression(text: str, context: Path | None) -> int:
    """Print the value of `text` as JSON; contexts come from a JSON file."""
    from sandbox.pipelines.expressions import evaluate_text

    def work() -> int:
        contexts = json.loads(context.read_text(encoding="utf-8")) if context else {}
        sys.stdout.write(json.dumps(evaluate_text(text, contexts), ensure_ascii=False) + "\n")
        return SUCCESS

    return _told(work)


def _run(options: RunOptions, work_folder: Path) -> int:
    from sandbox.pipelines.console import Console
    from sandbox.pipelines.run import run_pipeline

    repositories, commit, path = _sources(options.entry, options.repositories)
    request = RunRequest(
        path, commit, repositories, work_folder, options.parameters, _variables(options), _groups(options.group_files),
        options.stages, definition_name=options.entry.stem, environ=_environment(os.environ),
    )
    canceled = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: canceled.set())
    try:
        result = run_pipeline(request, Console(sys.stdout), canceled)
    finally:
        signal.signal(signal.SIGINT, before)
    if options.report:
        options.report.write_text(json.dumps(_report(result), ensure_ascii=False), encoding="utf-8")
    if result.error is not None:
        raise PipelineError(result.error)
    return SUCCESS if result.result in _GOOD else FAILED


def _told(work: Callable[[], int]) -> int:
    """The exit code of `work`; what is wrong with the input goes to standard error in one line."""
    try:
        return work()
    except (PipelineError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED


def _sources(entry: Path, places: Pairs) -> tuple[Repositories, Commit, str]:
    """`self` is the work tree around the entry file as it is now, or the file's folder where there is none."""
    if not entry.is_file():
        message = f"{entry}: there is no such file, expected the YAML of a pipeline"
        raise FileNotFoundError(message)
    file = entry.resolve()
    root = next((folder for folder in file.parents if (folder / ".git").exists()), file.parent)
    repositories = Repositories()
    repositories.add_folder(root.name or "self", root)
    for name, place in places:
        folder = Path(place)
        if not folder.is_dir():
            message = f"{place}: there is no such folder, expected the repository {name!r}"
            raise FileNotFoundError(message)
        _add(repositories, name, folder)
    commit = repositories.resolve(root.name or "self")
    return repositories, commit, file.relative_to(root).as_posix()


def _add(repositories: Repositories, name: str, folder: Path) -> None:
    """With @REF, or where the folder is a bare repository, only what is committed is read."""
    bare_name, at, ref = name.partition("@")
    if at or (folder / "HEAD").is_file():
        repositories.add_git(bare_name, folder)
        if at:
            repositories.resolve(bare_name, ref)
    else:
        repositories.add_folder(bare_name, folder)


def _variables(options: RunOptions) -> dict[str, Variable]:
    plain = {name: Variable(value) for name, value in options.variables}
    return plain | {name: Variable(value, secret=True) for name, value in options.secrets}


def _groups(files: Sequence[Path]) -> dict[str, dict[str, Variable]]:
    groups: dict[str, dict[str, Variable]] = {}
    for file in files:
        for group, values in json.loads(file.read_text(encoding="utf-8")).items():
            groups[group] = {name: _variable(value) for name, value in values.items()}
    return groups


def _variable(value: object) -> Variable:
    if isinstance(value, dict):
        return Variable(str(value["secret"]), secret=True)
    return Variable(str(value))


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of this machine a step may see: enough to find programs and the network, no one's credentials."""
    return {name: value for name, value in environ.items()
            if name in _KEPT_ENVIRONMENT or name.startswith(_KEPT_PREFIXES)}


def _report(result: RunResult) -> dict[str, object]:
    steps = [{"job": step.job, "name": step.name, "result": step.result, "seconds": step.seconds}
             for step in result.steps]
    return {
        "result": result.result, "stages": result.stages, "jobs": result.jobs, "steps": steps, "log": result.log,
        "artifacts": {name: str(folder) for name, folder in result.artifacts.items()}, "error": result.error,
    }
