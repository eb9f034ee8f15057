"""All checks of all config files, gathered: a mistake in one place never hides those in another."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from steps.lib.access.access_control import level_rule, rule_findings, user_findings
from steps.lib.cluster.config import TOP, cluster_config
from steps.lib.cluster.rules import contradictions, gaps
from steps.lib.config.conventions import Identity, identity_of, shared_identity
from steps.lib.config.product import environment_config, jobs_config, product_config
from steps.lib.config.team import TEAM_FILES, find_team
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.located_json import Document
from steps.lib.libraries.entries import mixed_entries
from steps.lib.libraries.rules import cluster_libraries, runtime_findings
from steps.lib.target_environment import TargetEnvironment
from steps.lib.validation.environment_rules import environment_findings
from steps.lib.validation.jobs_check import CommonFiles, Place, jobs_findings, offline_key
from steps.lib.validation.schema_check import Checked, check

LIBRARY_LISTS: Mapping[str, JsonPath] = {"cluster_and_libraries_config": ("libraries",), "libraries": ()}
# A product has a file of this name, too.
TEAM_SCHEMAS = {"jobs_config": "team_jobs_config"}
Result = TypeVar("Result")


class ConfigCheck:
    """Collects what is wrong with a product and its team. `files` are those looked at."""

    def __init__(self, product: Path, teams: Path) -> None:
        self._product = product
        self._teams = teams
        self._texts: set[str] = set()
        self.files: list[str] = []

    def cluster(self, environment: TargetEnvironment, repository: str, source_branch: str) -> None:
        """What the cluster of a branch is made from."""
        identity = self._tried(lambda: identity_of(environment, repository, source_branch))
        product = self._product_files()
        self._team_files(product, identity, environment)

    def jobs(self, environment: TargetEnvironment, repository: str) -> None:
        """What jobs and their clusters are made from. Jobs belong to no branch: release tags are deployed, too."""
        product = self._product_files()
        jobs = self._checked("jobs_config", lambda: jobs_config(self._product))
        team = self._team_files(product, shared_identity(environment, repository), environment)
        if jobs:
            whole = {name: _whole(team.get(name)) for name in TEAM_FILES}
            place = Place(environment, repository, self._product)
            self._add(jobs_findings(jobs, place, CommonFiles(
                product.sound if product else None, whole["cluster_config"], whole["libraries"], whole["jobs_config"])))

    def _product_files(self) -> Checked | None:
        product = self._checked("cluster_and_libraries_config", lambda: product_config(self._product))
        environments = self._checked("environment_config", lambda: environment_config(self._product))
        if environments:
            self._add(environment_findings(environments.sound))
        return product

    def _team_files(self, product: Checked | None, identity: Identity | None,
                    environment: TargetEnvironment) -> Mapping[str, Checked | None]:
        """Checks the team's files and what the product asks for by them; empty where the team is not known."""
        if product is None or product.sound.get(("workspace_name",)) is None:
            return {}
        team = self._tried(lambda: find_team(self._teams, product.sound))
        if team is None:
            return {}
        files = {name: self._checked(TEAM_SCHEMAS.get(name, name), partial(team.document, name)) for name in TEAM_FILES}
        key = self._cluster(product, _whole(files["cluster_config"]), identity)
        self._libraries(product.sound, files["libraries"], key)
        self._access(product.sound, _whole(files["access_control_list"]))
        if _whole(files["workspaces"]):
            self._tried(lambda: team.workspace(environment))
        return files

    def problems(self) -> list[str]:
        """Every mistake, by file, then by line."""
        return sorted(self._texts, key=_by_file_and_line)

    def _cluster(self, product: Checked, template: Document | None, identity: Identity | None) -> str:
        """Checks the cluster; the key of its runtime where that is known."""
        if template is None or identity is None:
            return ""
        config = cluster_config(product.sound, template, identity, offline_key)
        self._add(config.findings)
        self._add(contradictions(product.sound, config.values))
        # What seems to be missing may just have been written wrongly.
        if not config.findings and all(one.path and not one.path.startswith(TOP[0]) for one in product.findings):
            self._add(gaps(product.sound, config.values))
        return next((str(item.value) for item in config.values if item.path == ("spark_version",)), "")

    def _libraries(self, product: Document, team: Checked | None, key: str) -> None:
        if team:
            found = cluster_libraries(product, team.sound)
            self._add([*found.findings, *runtime_findings(found, key)])

    def _access(self, product: Document, team: Document | None) -> None:
        if team:
            rule = level_rule(team)
            self._add([*rule_findings(team, rule), *user_findings(product, ("access_control_list",), rule)])

    def _checked(self, schema: str, read: Callable[[], Document]) -> Checked | None:
        document = self._tried(read)
        if document is None:
            return None
        self.files.append(document.file)
        checked = check(document, schema)
        mixed = [finding for top in _library_lists(schema, document) for finding in mixed_entries(document, top)]
        places = tuple(f"{finding.path}." for finding in mixed)
        self._add([*mixed, *(one for one in checked.findings if not f"{one.path}.".startswith(places))])
        return checked

    def _tried(self, read: Callable[[], Result]) -> Result | None:
        try:
            return read()
        except InputError as error:
            self._texts.update(error.lines)
            return None

    def _add(self, findings: Sequence[Finding]) -> None:
        self._texts.update(map(str, findings))


def _whole(checked: Checked | None) -> Document | None:
    """The document if nothing at all is wrong with it: half a template would forbid what it allows."""
    return checked.sound if checked and not checked.findings else None


def _library_lists(schema: str, document: Document) -> list[JsonPath]:
    if schema != "jobs_config":
        return [LIBRARY_LISTS[schema]] if schema in LIBRARY_LISTS else []
    jobs = document.get(("jobs",))
    places: list[JsonPath] = [("jobs", index) for index in range(len(jobs) if isinstance(jobs, list) else 0)]
    different = [(*place, "environments", one.value) for place in places for one in TargetEnvironment]
    return [(*place, "libraries") for place in (*places, *different)]


def _by_file_and_line(text: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", text)
    return [(int(part), "") if index % 2 else (0, part) for index, part in enumerate(parts)]
