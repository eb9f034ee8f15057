"""The listeners of a product repository, filled as onboarding fills them, and expanded by the engine."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox.pipelines.final import to_data, to_yaml
from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.templates.expand import Expanded, expand
from tests.pipelines.schema import TYPED_INPUTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "files_for_remote_repo/pipelines_definitions"
LISTENERS = sorted(FOLDER.glob("*.yml"))
PLACEHOLDERS = {"project": "analytics", "cicd_repository": "cicd", "cicd_ref": "refs/heads/main",
                "default_branch": "main", "product": "churn"}
# What the service makes of shortcuts; the schema describes only what a person writes.
_SHORTCUTS = {"6d15af64-176c-496d-b583-fd2ae21d4df4@1": ("checkout", "repository"),
              "30f35852-3f7e-4c0c-9a88-e127b4f97211@1": ("download", "alias"),
              "PublishPipelineArtifact@1": ("publish", "targetPath"),
              "ecdc45f6-832d-4ad9-b52b-ee49e94659be@1": ("publish", "path")}
# Where the schema wants booleans, and the service's final YAML has text.
_BOOLEANS = {"isSkippable", *TYPED_INPUTS}


@cache
def expanded(listener: Path, branch: str = "refs/heads/main", **parameters: str) -> Expanded:
    """The final pipeline of `listener`, with this project as the CI/CD repository, run for `branch`."""
    text = listener.read_text(encoding="utf-8")
    for name, value in PLACEHOLDERS.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    with TemporaryDirectory() as place:
        (Path(place) / listener.name).write_text(text, encoding="utf-8")
        repositories = Repositories()
        repositories.add_folder("churn", Path(place))
        repositories.add_folder("analytics/cicd", ROOT)
        commit = repositories.resolve("churn", "")
        return expand(listener.name, repositories, commit, parameters=parameters,
                      predefined={"Build.SourceBranch": branch})


def final_yaml(listener: Path) -> str:
    return to_yaml(expanded(listener).root)


def stages_of(listener: Path, branch: str = "refs/heads/main", **parameters: str) -> dict[str, dict[str, Any]]:
    stages = to_data(expanded(listener, branch, **parameters).root)["stages"]
    return {stage["stage"]: stage for stage in stages}


def steps_in(stage: dict[str, Any]) -> list[dict[str, Any]]:
    """Of its jobs and of the deploy hook of its deployment jobs."""
    return [step for job in stage["jobs"]
            for step in (job["steps"] if "job" in job else job["strategy"]["runOnce"]["deploy"]["steps"])]


def steps_of(listener: Path) -> list[dict[str, Any]]:
    return [step for stage in stages_of(listener).values() for step in steps_in(stage)]


def as_written(document: Any) -> Any:
    """`document` with the service's rewriting of shortcuts undone, so that its schema can judge it."""
    if isinstance(document, list):
        return [as_written(item) for item in document]
    if not isinstance(document, dict):
        return document
    data = {key: value == "true" if key in _BOOLEANS else as_written(value) for key, value in document.items()}
    if data == {"enabled": "false"}:
        return "none"
    keyword, what = _SHORTCUTS.get(data.get("task", ""), ("", ""))
    if not keyword:
        return data
    inputs = data.pop("inputs")
    del data["task"]
    names = {"artifactName": "artifact"}
    rest = {names.get(key, key): value for key, value in inputs.items() if key != what}
    return {keyword: inputs[what], **data, **rest}
