"""Plans, shows and creates the pipelines of products; what many of them share is read once."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from setup.lib.pipelines.apply import Application, links_to
from setup.lib.pipelines.approvers import storage_keys
from setup.lib.pipelines.obstacles import obstacles
from setup.lib.pipelines.planning import Wanted, plan_of
from setup.lib.pipelines.present import Present, Shared, read_present, read_shared
from setup.lib.pipelines.rows import planned_rows
from setup.lib.pipelines.team_environments import TeamEnvironments, team_environments
from setup.lib.product_repository import ProductRepository
from setup.lib.release import Release
from setup.lib.report import Report
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.config.team import Team
from steps.lib.errors import InputError

Value = TypeVar("Value")


class Creation:
    """For any number of products of one release, from any thread."""

    def __init__(self, azure_devops: AzureDevOps, release: Release) -> None:
        self.release = release
        self._azure_devops = azure_devops
        self._lock = threading.Lock()
        self._teams: dict[str, tuple[TeamEnvironments, dict[str, str]]] = {}
        self._shared: dict[str, Shared] = {}

    def look(self, product: ProductRepository, settings: SetupSettings) -> Present:
        """What is there; an InputError where a name is taken or somebody is not known."""
        self._team(settings)
        present = read_present(self._azure_devops, product, self._shared_of(product))
        findings = obstacles(product, present)
        if findings:
            raise InputError(findings)
        return present

    def run(self, product: ProductRepository, settings: SetupSettings, report: Report) -> None:
        """As `look`, before any write."""
        present = self.look(product, settings)
        environments, people = self._team(settings)
        plan = plan_of(Wanted(product, self.release, environments.guards, people), present)
        report.show_plan(plan.lines())
        if settings.dry_run:
            report.rows += planned_rows(plan, links_to(self._azure_devops, product))
        else:
            Application(self._azure_devops, product, present, report).run(plan)

    def _team(self, settings: SetupSettings) -> tuple[TeamEnvironments, dict[str, str]]:
        def read() -> tuple[TeamEnvironments, dict[str, str]]:
            environments = team_environments(Team(settings.team, settings.teams / settings.team))
            return environments, storage_keys(self._azure_devops, environments)

        return self._once(self._teams, settings.team, read)

    def _shared_of(self, product: ProductRepository) -> Shared:
        return self._once(self._shared, product.project_id,
                          lambda: read_shared(self._azure_devops, product, self.release))

    def _once(self, known: dict[str, Value], key: str, read: Callable[[], Value]) -> Value:
        with self._lock:
            if key not in known:
                known[key] = read()
            return known[key]
