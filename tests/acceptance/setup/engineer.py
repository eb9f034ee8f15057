"""A platform engineer, who runs the set-up pipeline over REST and reads what its pages show."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.display.organisation_view import OrganisationView
from sandbox.pipelines.request import Identity
from sandbox.world.administration import SET_UP_PIPELINE
from sandbox.world.furnish import PRODUCT, TEAM
from sandbox.world.people import PLATFORM
from sandbox.world.world import World
from tests.acceptance.recorder import neutral

_RUN_SECONDS = 120.0
_COMMIT = re.compile(r"commit ` [0-9a-f]{12} `")
_ERROR = "##[error]"


@dataclass(frozen=True)
class SetUpRun:
    """A run of the set-up pipeline that has ended, as its page shows it."""

    run: Run
    world: World

    @property
    def outcome(self) -> str:
        return self.run.outcome

    @property
    def log(self) -> str:
        return (self.run.folder / "log.txt").read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        """The red lines, and what the engine itself refused."""
        red = [line.partition(_ERROR)[2] for line in self.log.splitlines() if _ERROR in line]
        return "\n".join([*red, *filter(None, [self.run.result.error if self.run.result else None])])

    @property
    def summary(self) -> str:
        """The summary page, without addresses and commits."""
        pages = sorted((self.run.folder / "summaries").glob("*.md"), key=lambda page: int(page.stem))
        text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
        return neutral(_COMMIT.sub("commit ` <commit> `", text), self.world)


class Engineer:
    """Looks at one project; `view` is what its pages show."""

    def __init__(self, world: World, project: str = "") -> None:
        self.world = world
        organisation = world.organisation
        self.project = project or organisation.home.name
        self.token = world.credentials.token(f"azure_devops/{PLATFORM.email}")
        self.view = OrganisationView(organisation.collection_uri, self.project, self.token)

    def set_up(self, product: str = PRODUCT, **chosen: object) -> SetUpRun:
        """Run the pipeline, and wait for its end."""
        number = self.start(product, **chosen)
        return self.ended(number)

    def start(self, product: str = PRODUCT, **chosen: object) -> int:
        """The number of the run; the pipeline lies in the first project, whichever is looked at."""
        organisation = self.world.organisation
        home = OrganisationView(organisation.collection_uri, organisation.home.name, self.token)
        asked = {"remoteRepoName": product, "team": TEAM, **chosen}
        return home.start(SET_UP_PIPELINE, {name: str(value) for name, value in asked.items()})

    def ended(self, number: int) -> SetUpRun:
        runs = self.world.organisation.runs
        assert runs.wait(_RUN_SECONDS), "a run did not end"
        [run] = [one for one in runs.runs() if one.id == number]
        return SetUpRun(run, self.world)

    def send(self, method: str, path: str, who: Identity = PLATFORM, **body: object) -> Any:
        """Call REST below the project as `who`; an error of the service is one of the test."""
        token = self.world.credentials.token(f"azure_devops/{who.email}")
        url = f"{self.world.organisation.collection_uri}{self.project}/_apis/{path}"
        reply = requests.request(method, url, auth=("", token), params={"api-version": "7.1"}, timeout=20,
                                 json=body or None)
        assert reply.ok, reply.text
        return reply.json()

    def writes(self) -> list[str]:
        """What was changed, or tried, since `forget`, but for the start of runs: `POST .../pushes`."""
        entries = self.world.organisation.log.entries()
        return [f"{one.method} .../{one.path.rpartition('/')[2]}" for one in entries
                if one.is_write and not one.path.lower().endswith(("/build/builds", "/runs"))]

    def forget(self) -> None:
        self.world.organisation.log.clear()
