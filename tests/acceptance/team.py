"""A product team at work in a world: someone pushes, the runs end, the workspace is looked at."""
from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.display.workspace_view import WorkspaceView
from sandbox.http.fault_json import fault_from_json
from sandbox.world.furnish import LISTENER, PRODUCT
from sandbox.world.people import ANNA
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder, neutral, requests_text
from tests.sandbox.azure_devops.person import Person

CONFIG = "cluster_and_libraries_config.json"
BRANCH = "feature/first-model"
_RUN_SECONDS = 120.0


class Team:
    """Works in a clone of a product, by default that of every world. Pushes go over HTTP with git itself."""

    def __init__(self, world: World, recorder: Recorder, folder: Path, *, product: str = PRODUCT,
                 project: Project | None = None) -> None:
        self.world = world
        self.recorder = recorder
        self.product = product
        self.project = project or world.organisation.home
        token = world.credentials.token(f"azure_devops/{ANNA.email}")
        address = world.organisation.git_url(quote(product), self.project)
        url = address.replace("://", f"://anna:{token}@")
        Person(folder).git("clone", "-q", url, "clone")
        self.person = Person(folder / "clone")
        self.view = WorkspaceView(world.databricks_hosts()["local"], world.workspaces["local"].token)

    def switch(self, branch: str) -> None:
        self.person.git("checkout", "-q", "-B", branch)

    def copy(self, files: Path) -> None:
        """Lay `files` over the clone."""
        shutil.copytree(files, self.person.folder, dirs_exist_ok=True)

    def strike(self, file: Path) -> None:
        """From now on the workspace has the faults of `file`, a list as its admin service takes them, or none."""
        faults = self.world.workspaces["local"].faults
        faults.clear()
        for fault in json.loads(file.read_text(encoding="utf-8")) if file.exists() else ():
            faults.add(fault_from_json(fault))

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the configuration in place."""
        path = self.person.folder / CONFIG
        config = json.loads(path.read_text(encoding="utf-8"))
        change(config)
        path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

    def push(self, message: str = "Change") -> list[Run]:
        """Commit, push, and wait; the runs which that started."""
        before = len(self.world.organisation.runs.runs())
        self.send(message)
        return self.ended()[before:]

    def send(self, message: str = "Change") -> None:
        """Commit and push without waiting for a run."""
        self.person.git("add", "-A")
        self.person.git("commit", "-q", "-m", message)
        self.person.git("push", "-q", "origin", "HEAD")

    def ended(self) -> list[Run]:
        assert self.world.organisation.runs.wait(_RUN_SECONDS), "a run did not end"
        return self.world.organisation.runs.runs()

    def only_run(self) -> Run:
        """Ask for a cluster with a small change of the configuration, and give the one run that this starts."""
        self.edit(lambda config: config["cluster_parameters"]["autoscale"].update(max_workers=5))
        [run] = self.push()
        return run

    def run_by_hand(self, **parameters: object) -> Run:
        """Queue the listener for what is pushed, as its page in the organisation can, and wait."""
        known = self.project.library.of_repository(self.product)
        pipeline = next(one for one in known if one.yaml_path == LISTENER)
        self.world.organisation.queue_run(pipeline, BRANCH, ANNA, parameters)
        return self.ended()[-1]

    def log(self) -> str:
        return self.recorder.text(self.world)

    def requests(self) -> str:
        return requests_text(self.world.workspaces["local"].log.entries(), self.world)

    def writes(self) -> list[str]:
        return [f"{entry.method} {entry.path}" for entry in self.world.workspaces["local"].log.writes()]

    def cluster(self, branch: str = BRANCH) -> str:
        """The cluster's page in the workspace, without ids."""
        found = self.view.cluster_of(branch)
        return neutral("\n".join(self.view.describe(found)) + "\n", self.world) if found else "no cluster\n"

    def forget(self) -> None:
        """Start a new page of logs and requests."""
        self.recorder.lines.clear()
        self.world.workspaces["local"].log.clear()
