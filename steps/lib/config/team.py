"""A team's folder under `teams/`: its files, and where each of its environments is."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from steps.lib.databricks.workspace import ServicePrincipal, Workspace
from steps.lib.entra.resource import PUBLIC_CLOUD_AUTHORITY
from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.located_json import Document, load
from steps.lib.target_environment import TargetEnvironment

TEAM_FILES = ("workspaces", "cluster_config", "libraries", "jobs_config", "access_control_list")


@dataclass(frozen=True)
class Team:
    """The folder of one team. Files are read when asked for, since a step needs only some."""

    name: str
    folder: Path

    def document(self, name: str) -> Document:
        """One of TEAM_FILES; an InputError where it cannot be read."""
        return load(self.folder / f"{name}.json", f"teams/{self.name}/{name}.json")

    def workspace(self, environment: TargetEnvironment) -> Workspace:
        """The workspace of `environment`; an InputError where the team has none."""
        document = self.document("workspaces")
        row: JsonPath = (environment.value,)
        if not document.object(row):
            problem = f"missing, expected the {environment.value} workspace of the team; add it"
            raise InputError([document.finding(row, problem)])
        authority = document.get(("entra_authority",)) and document.text_at(("entra_authority",))
        return Workspace(
            name=self.name,
            environment=environment,
            host=document.text_at((*row, "host")).rstrip("/"),
            entra_authority=str(authority or PUBLIC_CLOUD_AUTHORITY).rstrip("/"),
            service_principals=_principals(document, (*row, "service_principals")),
        )


def team_names(teams: Path) -> list[str]:
    """The folders of `teams` that hold a team."""
    return sorted(path.parent.name for path in teams.glob("*/workspaces.json"))


def find_team(teams: Path, product: Document) -> Team:
    """The team that `workspace_name` of a product's config names; an InputError that lists the teams."""
    name = product.text_at(("workspace_name",))
    known = team_names(teams)
    if name not in known:
        listed = ", ".join(map(repr, known)) or "a team, but there is none"
        problem = f"got {name!r}, expected one of {listed}{nearest(name, known)}"
        raise InputError([product.finding(("workspace_name",), problem)])
    return Team(name, teams / name)


def check_teams_directory(teams: Path) -> None:
    if not teams.is_dir():
        raise InputError([Finding("environment", path="TEAMS_DIRECTORY", problem=f"{str(teams)!r} is no folder, "
                                  "expected the teams folder of the pipeline library")])


def _principals(document: Document, path: JsonPath) -> tuple[ServicePrincipal, ...]:
    places = [(*path, index) for index in range(len(document.list(path)))]
    return tuple(ServicePrincipal(document.text_at((*place, "application_id")),
                                  document.text_at((*place, "permission_level")), document.line(place))
                 for place in places)
