"""A product repository and the teams as they are shipped, in a folder of the test, to be made wrong in one place."""
from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from steps.lib import agent

ROOT = Path(__file__).parents[2]
PRODUCT = "cluster_and_libraries_config.json"
Step = Callable[[Mapping[str, str]], None]


@dataclass
class ProductFolder:
    """`environ` is what the pipeline sets for every step."""

    root: Path
    environ: dict[str, str]
    capsys: pytest.CaptureFixture[str]
    lines: list[str] = field(default_factory=list)

    def write(self, file: str, content: object) -> None:
        """`file` is the name a message uses: `teams/…` lies in the teams folder, everything else in the product."""
        self.path(file).write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")

    def path(self, file: str) -> Path:
        return self.root / file if file.startswith("teams/") else self.root / "product" / file

    def change(self, file: str, *, cluster: Mapping[str, Any] | None = None, **fields: Any) -> None:
        """Replace fields at the top of a file, and `cluster` in its `cluster_parameters`."""
        path = self.path(file)
        data = {**json.loads(path.read_text("utf-8")), **fields}
        if cluster:
            data["cluster_parameters"].update(cluster)
        self.write(file, data)

    def run(self, step: Step, **variables: str) -> tuple[int, list[str]]:
        """The exit code and every error line, without the agent's marker."""
        self.capsys.readouterr()
        code = agent.run(step, {**self.environ, **variables})
        self.lines = self.capsys.readouterr().out.splitlines()
        marker = "##vso[task.logissue type=error]"
        return code, [line.removeprefix(marker) for line in self.lines if line.startswith(marker)]

    def generated(self, name: str) -> Any:
        return json.loads((self.root / "generated" / name).read_text("utf-8"))


def shipped(folder: Path, capsys: pytest.CaptureFixture[str]) -> ProductFolder:
    shutil.copytree(ROOT / "teams", folder / "teams")
    (folder / "product").mkdir()
    for path in (ROOT / "files_for_remote_repo").glob("*.json"):
        text = path.read_text("utf-8").replace("{{team}}", "data_science")
        (folder / "product" / path.name).write_text(text, "utf-8")
    shutil.copytree(ROOT / "files_for_remote_repo/notebooks", folder / "product/notebooks")
    return ProductFolder(folder, {
        "PIPELINE_TYPE": "cluster", "TARGET_ENVIRONMENT": "local", "PRODUCT_DIRECTORY": str(folder / "product"),
        "TEAMS_DIRECTORY": str(folder / "teams"), "GENERATED_DIRECTORY": str(folder / "generated"),
        "REPOSITORY_NAME": "churn", "SOURCE_BRANCH": "refs/heads/feature/first-model",
    }, capsys)
