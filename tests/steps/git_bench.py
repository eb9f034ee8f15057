"""The bench of a step that works with Git folders: a workspace of dev, and a git server where `churn` lies."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.databricks.directory import PrincipalKind
from tests.steps.bench import TEAM, Bench

FOLDER = "/Repos/dev"
PATH = f"{FOLDER}/churn"
MAIN = "refs/heads/main"
TOKEN = "a-token-of-git"


@dataclass
class GitBench:
    """The pipeline's principal manages `/Repos/dev` and has no git credential yet; git lets it in by its identity."""

    bench: Bench
    url: str
    repository: BareRepository
    asked: list[Callable[..., None]]

    def commit(self, text: str = "one\n", ref: str = MAIN, **files: str) -> str:
        content = {"README.md": text, **{name.replace("_", "."): value for name, value in files.items()}}
        return self.repository.commit_files(ref, {path: File(value.encode()) for path, value in content.items()},
                                            message="change", author=Author("Anna", "anna@example.com"))

    def run(self, step: Callable[..., None], commit: str, ref: str = MAIN, **changed: str) -> int:
        """The exit code of a run for `commit` on `ref`; the log of requests is of this run alone."""
        self.bench.workspace.log.clear()
        return self.bench.run(step, SOURCE_COMMIT=commit, SOURCE_BRANCH=ref, **changed)

    def folder(self, path: str = PATH) -> dict[str, Any]:
        """The Git folder as an administrator sees it."""
        (found,) = [one for one in self.bench.workspace.state.repos.all() if one.path == path]
        return found.as_json()

    def text(self, name: str = "README.md", path: str = PATH) -> str:
        return self.bench.workspace.state.files.tree.disk(f"{path}/{name}").read_text()

    def edit(self, name: str, text: str, path: str = PATH) -> None:
        """What somebody writes in the workspace and does not commit."""
        self.bench.workspace.state.files.tree.write(f"{path}/{name}", text.encode())

    def credentials(self) -> list[tuple[str, str, str]]:
        """Provider, user name and token of each that the pipeline's principal has."""
        state, principal = self.bench.workspace.state, self.bench.principal.client_id
        owner = state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, principal)
        assert owner is not None
        return [(one.provider, one.username, one.token) for one in state.git_credentials.of(owner)]


def in_dev(bench: Bench) -> None:
    """Let the bench's workspace be that of dev, too, and its environ that of the jobs pipeline."""
    row = {"host": bench.server.url, "service_principals": [
        {"application_id": bench.principal.client_id, "permission_level": "CAN_MANAGE"}]}
    bench.write_config(f"teams/{TEAM}/workspaces.json",
                       json.loads(json.dumps({"entra_authority": bench.entra.url, "local": row, "dev": row})))
    bench.environ |= {"PIPELINE_TYPE": "jobs", "TARGET_ENVIRONMENT": "dev", "REPOSITORY_NAME": "churn"}
