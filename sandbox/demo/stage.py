"""What the acts of the story share: the world, Anna's clone, and how an outcome is checked and shown."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.demo.clone import CONFIG, Clone
from sandbox.display.devops_rest import DevopsRest
from sandbox.display.organisation_view import OrganisationView
from sandbox.display.workspace_view import WorkspaceView
from sandbox.errors import SandboxError
from sandbox.pipelines.request import Identity
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA, PLATFORM
from sandbox.world.world import World

BRANCH = "feature/first-model"
RUN_SECONDS = 120.0


class StoryError(SandboxError):
    """Something did not happen as told; reads as a sentence."""


class Stage:
    """`show` writes one line to the audience. Cluster and libraries are those of the story's branch.

    `organisation` is what a platform engineer sees of it, `views` are the workspaces by environment.
    """

    def __init__(self, world: World, folder: Path, show: Callable[[str], None]) -> None:
        self.world = world
        self.show = show
        self.views = {name: WorkspaceView(host, world.workspaces[name].token)
                      for name, host in world.databricks_hosts().items()}
        self.view = self.views["local"]
        organisation = world.organisation
        token = world.credentials.token(f"azure_devops/{PLATFORM.email}")
        self.organisation = OrganisationView(organisation.collection_uri, organisation.home.name, token)
        self._folder = folder

    def open_clone(self) -> None:
        organisation = self.world.organisation
        token = self.world.credentials.token(f"azure_devops/{ANNA.email}")
        self.clone = Clone.of(organisation.git_url(PRODUCT), self._folder / PRODUCT, person=ANNA, token=token,
                              show=self.show)

    def push(self, message: str) -> list[Run]:
        """Push Anna's changes; the runs that this started, each at its end."""
        before = len(self.world.organisation.runs.runs())
        self.clone.push(message, BRANCH)
        self.await_runs()
        return self.world.organisation.runs.runs()[before:]

    def rest(self, person: Identity) -> DevopsRest:
        """Azure DevOps as `person` calls it."""
        organisation = self.world.organisation
        return DevopsRest(organisation.collection_uri, organisation.home.name,
                          self.world.credentials.token(f"azure_devops/{person.email}"))

    def await_runs(self) -> None:
        if not self.world.organisation.runs.wait(RUN_SECONDS):
            message = f"a run did not end within {RUN_SECONDS:g} seconds"
            raise StoryError(message)

    def push_expecting(self, outcome: str, message: str) -> Run:
        """Push, and expect exactly one run that ends as `outcome`."""
        runs = self.push(message)
        expect(len(runs) == 1, f"expected the push to start one run, it started {len(runs)}")
        ended = runs[0].outcome
        expect(ended == outcome, f"expected run {runs[0].id} to have {outcome}, it {ended}")
        return runs[0]

    def edit(self, config: dict[str, Any], *, indent: int = 2) -> None:
        """Save the configuration, and show what Anna changed in it."""
        self.clone.write_config(config, indent=indent)
        self.show(f"Anna edits {CONFIG}:")
        for line in self.clone.changes():
            self.show(f"    {line}")
        self.show("")

    def cluster(self) -> dict[str, Any]:
        found = self.view.cluster_of(BRANCH)
        if found is None:
            message = f"the workspace has no cluster with the tag branch = {BRANCH}"
            raise StoryError(message)
        return found

    def library_states(self) -> dict[str, str]:
        """Status of each library of the cluster by the package's name, without its version."""
        statuses = self.view.libraries(self.cluster()["cluster_id"])
        return {_package(status["library"]): status["status"] for status in statuses}

    def forget_requests(self) -> None:
        self.world.workspaces["local"].log.clear()

    def writes(self) -> list[str]:
        """What was sent to change the workspace since `forget_requests`."""
        return [f"{entry.method} {entry.path}" for entry in self.world.workspaces["local"].log.writes()]

    def show_workspace(self) -> None:
        for line in [*self.view.page_of(BRANCH), ""]:
            self.show(line)


def expect(holds: bool, sentence: str) -> None:
    if not holds:
        raise StoryError(sentence)


def _package(library: dict[str, Any]) -> str:
    what = next(iter(library.values()))
    name = what.get("package", what.get("coordinates", "")) if isinstance(what, dict) else what
    return str(name).partition("==")[0]
