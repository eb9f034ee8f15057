"""Which repositories are set up in one go: a JSON file with defaults, and names or objects that differ from them."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup.lib.repository_search import PRODUCT, Place
from steps.lib.config.team import team_names
from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.located_json import Document, load
from steps.lib.validation.schema_check import check


@dataclass(frozen=True)
class Wish:
    """One repository to set up. `line` and `place` are where the file asks for it."""

    project: str
    name: str
    team: str
    scaffold: bool
    line: int
    place: Place = PRODUCT

    @property
    def key(self) -> str:
        return f"{self.project}/{self.name}"


@dataclass(frozen=True)
class BulkInputs:
    file: str
    organization_url: str
    cicd_project: str
    cicd_repository: str
    cicd_place: Place
    wishes: tuple[Wish, ...]

    @property
    def library(self) -> str:
        """The address of this library's repository."""
        return f"{self.organization_url}/{self.cicd_project}/_git/{self.cicd_repository}"


def read_bulk_inputs(file: Path, teams: Path) -> BulkInputs:
    """The checked inputs; an InputError with everything that is wrong, doubles and unknown teams included."""
    document = load(file, file.name)
    findings = list(check(document, "onboard").findings)
    if not findings:
        wishes = tuple(_wish(document, index) for index in range(len(document.list(("repositories",)))))
        findings += [*_doubles(document.file, wishes), *_unknown_teams(document.file, wishes, teams)]
    if findings:
        raise InputError(findings)
    return BulkInputs(document.file, document.text_at(("organization_url",)).rstrip("/"),
                      document.text_at(("cicd", "project")), document.text_at(("cicd", "repository")),
                      Place(document.finding(("cicd", "project"), ""), document.finding(("cicd", "repository"), "")),
                      wishes)


def _wish(document: Document, index: int) -> Wish:
    path: JsonPath = ("repositories", index)
    written = document.get(path)
    own = written if isinstance(written, dict) else {"name": written}
    merged = {**document.object(("defaults",)), **own}
    project: JsonPath = (*path, "project") if "project" in own else ("defaults", "project")
    place = Place(document.finding(project, ""), document.finding(path, ""))
    return Wish(str(merged["project"]), str(merged["name"]), str(merged["team"]), bool(merged.get("scaffold")),
                document.line(path), place)


def _doubles(file: str, wishes: tuple[Wish, ...]) -> Iterator[Finding]:
    first: dict[str, Wish] = {}
    for wish in wishes:
        known = first.setdefault(wish.key.casefold(), wish)
        if known is not wish:
            yield Finding(file, wish.line, problem=f"repository {wish.key!r} stands in line {known.line} already, "
                                                   "expected each once")


def _unknown_teams(file: str, wishes: tuple[Wish, ...], teams: Path) -> Iterator[Finding]:
    known = team_names(teams)
    for wish in wishes:
        if wish.team not in known:
            problem = f"got team {wish.team!r}, expected one of {', '.join(known)}{nearest(wish.team, known)}"
            yield Finding(file, wish.line, problem=problem)
