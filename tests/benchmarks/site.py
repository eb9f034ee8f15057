"""A product and the library checked out beside a live sandbox: single steps can be run as an agent runs them."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.databricks.workspace import Workspace
from sandbox.world.world import World
from tests.set_up import set_up

CLUSTER_STEPS = ("validate_config", "generate_cluster_config", "generate_libraries", "create_or_edit_cluster",
                 "set_cluster_permissions", "install_libraries")


@dataclass(frozen=True)
class Site:
    world: World
    folder: Path
    environ: Mapping[str, str]

    @property
    def workspace(self) -> Workspace:
        return self.world.workspaces["local"]

    def command(self, step: str) -> list[str]:
        return [sys.executable, "-m", f"steps.{step}"]

    def run(self, step: str) -> None:
        """One step in a process of its own; `CLUSTER_ID` is looked up as the pipeline would pass it on."""
        environ = {**self.environ, "CLUSTER_ID": self._cluster_id()}
        done = subprocess.run(self.command(step), cwd=self.folder / "cicd", env=environ, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            message = f"{step} ended with {done.returncode}: {done.stdout[-600:]}{done.stderr[-600:]}"
            raise RuntimeError(message)

    def run_pipeline(self) -> None:
        for step in CLUSTER_STEPS:
            self.run(step)

    def _cluster_id(self) -> str:
        clusters = self.workspace.state.clusters.values()
        return next((one.cluster_id for one in clusters if one.spec.get("custom_tags", {}).get("repo") == "churn"), "")


@contextmanager
def open_site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory() as place, World(Path(place) / "state") as world:
        folder = Path(place)
        set_up(world)
        for repository in ("cicd", "churn"):
            source = world.organisation.home.repositories[repository].path
            subprocess.run(["git", "clone", "--quiet", source, folder / repository], check=True)
        yield Site(world, folder, _environ(world, folder))


def _environ(world: World, folder: Path) -> dict[str, str]:
    group = world.organisation.home.library.groups["brickline-local"].variables
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONUTF8": "1",
        "REQUESTS_CA_BUNDLE": str(world.tls.ca_file), "PIPELINE_TYPE": "cluster", "TARGET_ENVIRONMENT": "local",
        "PRODUCT_DIRECTORY": str(folder / "churn"), "TEAMS_DIRECTORY": str(folder / "cicd/teams"),
        "GENERATED_DIRECTORY": str(folder / "generated"), "REPOSITORY_NAME": "churn",
        "SOURCE_BRANCH": "refs/heads/feature/benchmark", "SOURCE_COMMIT": "0" * 40, "RUN_ID": "1",
        "REQUESTED_FOR": "anna@example.com", "ENTRA_TENANT_ID": group["entraTenantId"].value,
        "ENTRA_CLIENT_ID": group["entraClientId"].value, "ENTRA_CLIENT_SECRET": group["entraClientSecret"].value,
    }
