"""How a plan's parts stand in the report, whether they were carried out or only planned."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from setup.lib.pipelines.plan import EnvironmentPlan, PermissionPlan, PipelinePlan, Plan
from setup.lib.report import Row, State


@dataclass(frozen=True)
class Links:
    """Addresses of what is there; `project` is the project's page."""

    project: str

    def pipeline(self, number: int) -> str:
        return f"{self.project}/_build?definitionId={number}" if number else ""

    def environment(self, number: str) -> str:
        return f"{self.project}/_environments/{number}" if number else ""


def planned_rows(plan: Plan, links: Links) -> list[Row]:
    return [*(row for one in plan.pipelines for row in pipeline_rows(one, one.number, links)),
            *(environment_row(one, one.resource.id if one.resource else "", links) for one in plan.environments),
            *permission_rows(plan.permissions)]


def pipeline_rows(plan: PipelinePlan, number: int, links: Links) -> list[Row]:
    state = State.CREATED if not plan.number else State.DIFFERS if plan.differs else State.PRESENT
    detail = "; ".join(plan.differs) or plan.kind.yaml_path
    return [Row(f"pipeline {plan.name}", state, detail, links.pipeline(number)),
            Row(f"editing of pipeline {plan.name}", State.CREATED if plan.close else State.PRESENT,
                "closed to contributors" if plan.close else "")]


def environment_row(plan: EnvironmentPlan, number: str, links: Links) -> Row:
    state = State.CREATED if plan.resource is None else State.UPDATED if plan.checks else State.PRESENT
    checks = ", ".join(map(str, plan.checks)) if plan.resource else f"with {', '.join(_kinds(plan))}"
    return Row(f"environment {plan.name}", state, checks, links.environment(number))


def permission_rows(plans: Sequence[PermissionPlan]) -> list[Row]:
    return [_permission_row(plan) for plan in plans]


def _permission_row(plan: PermissionPlan) -> Row:
    if plan.everyone:
        detail = "is open to all pipelines of the project; restrict it in its Pipeline permissions"
        return Row(plan.thing, State.DIFFERS, detail)
    if not plan.pipelines:
        return Row(plan.thing, State.PRESENT)
    return Row(plan.thing, State.CREATED, f"by {', '.join(plan.pipelines)}")


def _kinds(plan: EnvironmentPlan) -> list[str]:
    return [change.check.kind for change in plan.checks if change.check]
