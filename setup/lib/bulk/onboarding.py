"""Sets one repository up as the set-up pipeline would, without its log: for many at a time."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from setup.lib.bulk.inputs import BulkInputs, Wish
from setup.lib.bulk.progress import Outcome
from setup.lib.copying.copying import Copying
from setup.lib.pipelines.creation import Creation
from setup.lib.report import Report
from setup.lib.settings import SetupSettings
from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.deployment.record import Origin
from steps.lib.errors import StepError


@dataclass(frozen=True)
class Onboarding:
    """What all repositories of a bulk run share. `creation` reads once what they have in common."""

    azure_devops: AzureDevOps
    inputs: BulkInputs
    creation: Creation
    teams: Path

    def run(self, wish: Wish) -> Outcome:
        """Never raises for what is wrong with one repository: the others go on."""
        release = self.creation.release.pinned
        report = Report(quiet=True)
        try:
            settings = self._settings(wish)
            product = Copying(self.azure_devops, settings, report, release=release).run()
            self.creation.run(product, settings, report)
        except StepError as error:
            return Outcome("failed", _in_a_row(error.lines), wish.team, wish.scaffold, release)
        return Outcome("done", report.summary(), wish.team, wish.scaffold, release)

    def _settings(self, wish: Wish) -> SetupSettings:
        inputs = self.inputs
        return SetupSettings(
            inputs.organization_url, inputs.cicd_project, inputs.cicd_repository, wish.project, wish.name, wish.team,
            self.teams, self.creation.release.pinned, update_pipelines=False, scaffold=wish.scaffold, dry_run=False,
            generated=Path(), origin=Origin("bulk", "", ""), product_place=wish.place)


def _in_a_row(lines: Sequence[str]) -> str:
    """For one row of a table; the file of the progress has the same."""
    return "; and ".join(map(agent.show, lines))
