"""What the set-up pipeline is told: which repository is set up, for which team, and how."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from setup.lib.repository_search import PRODUCT, Place
from steps.lib.config.team import team_names
from steps.lib.deployment.record import Origin
from steps.lib.findings import nearest
from steps.lib.settings import Reader


@dataclass(frozen=True)
class SetupSettings:
    """`remote_repository` is the product's, in `remote_project`. `release_ref` is the full ref of this run.

    `dry_run`: show the plan, send no write. `scaffold`: an empty product also gets a small one that works.
    `update_pipelines`: files of the library that are older in the product are renewed through a pull request.
    `product_place`: where a person wrote which repository it is.
    """

    organization_url: str
    cicd_project: str
    cicd_repository: str
    remote_project: str
    remote_repository: str
    team: str
    teams: Path
    release_ref: str
    update_pipelines: bool
    scaffold: bool
    dry_run: bool
    generated: Path
    origin: Origin
    product_place: Place = PRODUCT

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> SetupSettings:
        """With every problem of the environment reported together."""
        reader = Reader(environ)
        cicd_project, teams = reader.text("CICD_PROJECT"), reader.path("TEAMS_DIRECTORY")
        settings = cls(
            organization_url=reader.text("ORGANIZATION_URL"),
            cicd_project=cicd_project,
            cicd_repository=reader.text("CICD_REPOSITORY"),
            remote_project=reader.optional("REMOTE_PROJECT") or cicd_project,
            remote_repository=reader.text("REMOTE_REPO_NAME"),
            team=_team(reader, teams),
            teams=teams,
            release_ref=reader.text("RELEASE_REF"),
            update_pipelines=reader.flag("UPDATE_PIPELINES"),
            scaffold=reader.flag("SCAFFOLD"),
            dry_run=reader.flag("DRY_RUN"),
            generated=reader.path("GENERATED_DIRECTORY"),
            origin=Origin.read(reader),
        )
        reader.check()
        return settings

    @property
    def product(self) -> str:
        """How people call the repository: `project/name`."""
        return f"{self.remote_project}/{self.remote_repository}"


def _team(reader: Reader, teams: Path) -> str:
    team, known = reader.text("TEAM"), team_names(teams)
    if team and team not in known:
        listed = ", ".join(known) or "a team, but TEAMS_DIRECTORY holds none"
        reader.problem(f"environment: TEAM: got {team!r}, expected one of {listed}{nearest(team, known)}")
    return team
