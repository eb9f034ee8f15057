"""The small product of the scaffold: it checks itself as shipped, and its notebooks run."""
from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from setup.lib.copying.shipped_files import ShippedFile, shipped_files
from steps.lib import agent
from steps.lib.config.team import team_names
from steps.validate_config import step as validate_config
from tests.setup.bench import ROOT

FOLDER = "/Repos/dev/churn"
VALUES = {"project": "platform", "cicd_repository": "cicd", "cicd_ref": "refs/tags/v0.1.0", "default_branch": "main",
          "team": "data_science", "product": "churn"}


def product_files() -> list[ShippedFile]:
    return shipped_files(VALUES, scaffold=True)


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A fresh copy, as the set-up pipeline makes it."""
    for file in product_files():
        path = tmp_path / "product" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return tmp_path / "product"


@pytest.fixture
def workspace() -> Workspace:
    """A workspace with the product in a Git folder, and Anna, who may run it."""
    made = Workspace("dev", tenant=Tenant(), strict=True)
    files = made.state.files
    files.git_folders.add(FOLDER)
    files.make_folders(FOLDER, made.add_user("anna@example.test"))
    for file in product_files():
        path = f"{FOLDER}/{file.path}"
        files.tree.make_directory(path.rpartition("/")[0])
        files.tree.write(path, file.content)
    return made


def run(workspace: Workspace, notebook: str) -> NotebookResult:
    task = NotebookTask(f"{FOLDER}/notebooks/{notebook}", {}, "anna@example.test")
    return LocalRunner(workspace.state, time_limit=20.0).run(task, threading.Event())


def test_a_fresh_copy_passes_its_own_make_install_lint_test(product: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST", "COV"))}
    done = subprocess.run(["make", "install", "lint", "test"], cwd=product, env=environ, capture_output=True, text=True,
                          timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All checks passed!" in done.stdout


@pytest.mark.parametrize("team", team_names(ROOT / "teams"))
@pytest.mark.parametrize("pipeline_type", ["cluster", "jobs"])
def test_its_config_is_valid_for_every_team_and_pipeline(product: Path, pipeline_type: str, team: str) -> None:
    config = product / "cluster_and_libraries_config.json"
    config.write_text(config.read_text().replace("data_science", team))
    environ = {"PIPELINE_TYPE": pipeline_type, "TARGET_ENVIRONMENT": "dev", "PRODUCT_DIRECTORY": str(product),
               "TEAMS_DIRECTORY": str(ROOT / "teams"), "GENERATED_DIRECTORY": str(product.parent / "generated"),
               "REPOSITORY_NAME": "churn", "SOURCE_BRANCH": "refs/heads/main"}
    assert agent.run(validate_config, environ) == 0


def test_score_uses_the_model_that_train_made(workspace: Workspace) -> None:
    trained, scored = run(workspace, "train"), run(workspace, "score")
    assert (trained.error, scored.error) == ("", "")
    assert json.loads(trained.exit_value)["accuracy"] > 0.7
    assert json.loads(scored.exit_value)["customers"] == 50


def test_score_fails_without_a_model(workspace: Workspace) -> None:
    assert "FileNotFoundError" in run(workspace, "score").error
