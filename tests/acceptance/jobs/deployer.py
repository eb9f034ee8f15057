"""Whoever runs *Deploy jobs* in a world: chooses environments, decides approvals, looks at what became of it."""
from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.display.devops_rest import DevopsRest
from sandbox.display.jobs_view import jobs_of
from sandbox.display.organisation_view import OrganisationView
from sandbox.display.runs_view import RunsView
from sandbox.display.workspace_view import WorkspaceView
from sandbox.http.request_log import Entry
from sandbox.pipelines.request import Identity
from sandbox.world.furnish import PRODUCT
from sandbox.world.people import ANNA, BEN, PLATFORM
from sandbox.world.world import World
from tests.acceptance.team import Team

PROMOTED = ("dev", "test", "prod")
_SECONDS = 150.0
_GLANCE_SECONDS = 1.0  # how often a run that may have failed is looked at


class Deployer:
    """`team` works in the product's repository; here its default branch is deployed."""

    def __init__(self, world: World, team: Team) -> None:
        self.world = world
        self.team = team

    def commit(self, files: dict[str, str], message: str = "Change") -> None:
        """Push `files` to the default branch."""
        self.team.person.git("checkout", "-q", "main")
        for name, content in files.items():
            (self.team.person.folder / name).write_text(content, encoding="utf-8")
        self.team.send(message)

    def edit_jobs(self, change: Callable[[list[dict[str, Any]]], object]) -> None:
        """Change the list of jobs in jobs_config.json of the default branch."""
        self.team.person.git("checkout", "-q", "main")
        data = json.loads((self.team.person.folder / "jobs_config.json").read_text(encoding="utf-8"))
        change(data["jobs"])
        self.commit({"jobs_config.json": json.dumps(data, indent=2)}, "Change jobs")

    def start(self, *environments: str, ref: str = "", **parameters: str) -> Run:
        """Start the pipeline for these environments and no other."""
        kinds = ("plan",) if parameters.get("dryRun") == "true" else ("plan", "deploy")
        rest = self.rest(PLATFORM if parameters else ANNA)
        left_out = [f"{kind}_{name}" for name in PROMOTED if name not in environments for kind in kinds]
        number = OrganisationView(rest.url, rest.project, rest.token).start(
            f"{PRODUCT}-jobs", parameters, ref=ref, stages_to_skip=left_out)
        return next(run for run in self.world.organisation.runs.runs() if run.id == number)

    def deploy(self, *environments: str, ref: str = "") -> Run:
        """Start and wait; prod is approved as soon as somebody is asked."""
        run = self.start(*environments, ref=ref)
        if "prod" in environments:
            self.await_approval(run)
            self.decide(approved=True)
        return self.ended(run)

    def await_approval(self, run: Run) -> None:
        desk, deadline = self.world.organisation.checkpoint.approvals, time.monotonic() + _SECONDS
        while not desk.await_pending(1, _GLANCE_SECONDS):
            assert run.state != "completed", self.team.log()
            assert time.monotonic() < deadline, "nobody was asked"

    def decide(self, *, approved: bool) -> None:
        RunsView(self.rest(BEN)).decide(None, approved=approved, comment="")

    def ended(self, run: Run) -> Run:
        assert self.world.organisation.runs.wait(_SECONDS), "the run did not end"
        return run

    def view(self, environment: str) -> WorkspaceView:
        return WorkspaceView(self.world.databricks_hosts()[environment], self.world.workspaces[environment].token)

    def jobs(self, environment: str) -> list[str]:
        return [str(settings["name"]) for settings in jobs_of(self.view(environment))]

    def writes(self, environment: str) -> list[Entry]:
        return self.world.workspaces[environment].log.writes()

    def forget(self) -> None:
        for workspace in self.world.workspaces.values():
            workspace.log.clear()
        self.team.forget()

    def branches(self) -> set[str]:
        refs = self.world.organisation.home.repositories[PRODUCT].refs()
        return {ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/")}

    def log(self) -> str:
        return self.team.log()

    def rest(self, person: Identity) -> DevopsRest:
        organisation = self.world.organisation
        return DevopsRest(organisation.collection_uri, organisation.home.name,
                          self.world.credentials.token(f"azure_devops/{person.email}"))
