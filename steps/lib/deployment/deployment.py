"""What each step that changes a workspace is told, and what it shares: plan first, and only then apply."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.config.product import product_config
from steps.lib.config.team import Team, find_team
from steps.lib.databricks.workspace import Workspace
from steps.lib.deployment.approved_plans import ApprovedPlans
from steps.lib.deployment.record import Origin, Record
from steps.lib.errors import InputError
from steps.lib.json_files.located_json import Document
from steps.lib.settings import Reader
from steps.lib.target_environment import TargetEnvironment
from steps.lib.wording import counted


@dataclass(frozen=True)
class Deployment:
    """`dry_run`: show the plan, send no write, and tell later steps how many changes wait.

    `approved`: where an environment asks for an approval, what was approved; nothing else is applied.
    """

    product: Document
    team: Team
    workspace: Workspace
    generated: Path
    dry_run: bool
    origin: Origin
    approved: ApprovedPlans | None = None

    @classmethod
    def read(cls, reader: Reader) -> Deployment:
        """From the environment, with every problem of it reported together, those that `reader` met before included."""
        product_directory, teams = reader.path("PRODUCT_DIRECTORY"), reader.path("TEAMS_DIRECTORY")
        environment = reader.choice("TARGET_ENVIRONMENT", TargetEnvironment)
        generated, dry_run = reader.path("GENERATED_DIRECTORY"), reader.flag("DRY_RUN")
        origin = Origin.read(reader)
        approved = reader.optional("APPROVED_PLANS_DIRECTORY")
        reader.check()
        product = product_config(product_directory)
        team = find_team(teams, product)
        return cls(product, team, team.workspace(environment), generated, dry_run, origin,
                   ApprovedPlans(Path(approved)) if approved else None)

    def generated_path(self, name: str) -> str:
        """How messages call the generated file `name`."""
        return f"{self.generated.name}/{name}"

    def generated_file(self, name: str) -> dict[str, Any]:
        """A file that an earlier step wrote; an InputError says which step where it is not there or not an object."""
        try:
            data = json.loads((self.generated / name).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise self._unusable(name, "is missing") from error
        except ValueError as error:
            raise self._unusable(name, f"is no JSON ({error})") from error
        if not isinstance(data, dict):
            raise self._unusable(name, "is no JSON object")
        return data

    def record(self, clock: Clock) -> Record:
        return Record(self.generated, self.origin, clock, keeps_plan=self.dry_run, approved=self.approved,
                      environment=self.workspace.environment.value)

    def show_plan(self, lines: Sequence[str]) -> None:
        agent.info("plan, of which nothing is done (DRY_RUN):" if self.dry_run else "plan:")
        for line in lines:
            agent.info(f"  {line}")

    def planned(self, count: int) -> str:
        """End a dry run: set the output `changes`, and give the result for the record."""
        agent.set_output("changes", str(count))
        agent.info(f"dry run: {counted(count, 'change')} to make, nothing was changed")
        return f"planned: {counted(count, 'change')} to make" if count else "unchanged"

    def _unusable(self, name: str, problem: str) -> InputError:
        step = "generate_libraries" if name == "libraries.json" else "generate_cluster_config"
        message = f"{self.generated_path(name)}: {problem}, expected what {step} writes; run {step} before this step"
        return InputError([message])
