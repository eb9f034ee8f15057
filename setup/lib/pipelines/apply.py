"""Carries out the plan of a product's pipelines: guards go up before anything is let in."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from setup.lib.pipelines.check_plan import CheckChange
from setup.lib.pipelines.editing import close
from setup.lib.pipelines.plan import EnvironmentPlan, PermissionPlan, PipelinePlan, Plan
from setup.lib.pipelines.present import Present
from setup.lib.pipelines.rows import Links, environment_row, permission_rows, pipeline_rows
from setup.lib.product_repository import ProductRepository
from setup.lib.report import Report
from steps.lib.azure_devops.check_configurations import change_check, create_check, delete_check
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.definitions import (
    create_definition,
    definitions_of_repository,
    yaml_definition,
    yaml_path_of,
)
from steps.lib.azure_devops.environments import create_environment, environments_like
from steps.lib.azure_devops.errors import AzureDevOpsError, Conflict, Unavailable, Unreachable
from steps.lib.azure_devops.pipeline_permissions import authorise

# The service took the request, or somebody else was quicker: what is there now tells.
_PERHAPS_DONE = (Conflict, Unreachable, Unavailable)


def links_to(azure_devops: AzureDevOps, product: ProductRepository) -> Links:
    return Links(f"{azure_devops.url}/{product.project}")


@dataclass
class Application:
    """`report` gets a row as soon as a thing is done, so that a failure shows what is done already."""

    azure_devops: AzureDevOps
    product: ProductRepository
    present: Present
    report: Report
    _numbers: dict[str, int] = field(default_factory=dict)
    _environments: dict[str, Resource] = field(default_factory=dict)

    @property
    def links(self) -> Links:
        return links_to(self.azure_devops, self.product)

    def run(self, plan: Plan) -> None:
        for pipeline in plan.pipelines:
            self._pipeline(pipeline)
        for environment in plan.environments:
            self._environment(environment)
        self._permissions(plan.permissions)

    def _pipeline(self, plan: PipelinePlan) -> None:
        number = plan.number or self._created_pipeline(plan)
        self._numbers[plan.name] = number
        group = self.present.shared.contributors
        if plan.close and group:
            known = (one for one in self.present.definitions if int(one["id"]) == number)
            close(self.azure_devops, next(known, {"id": number}), self.product.project_id, group)
        self.report.rows += pipeline_rows(plan, number, self.links)

    def _created_pipeline(self, plan: PipelinePlan) -> int:
        queue = self.present.shared.queue
        assert queue is not None  # noqa: S101 - an obstacle otherwise
        repository = {"id": self.product.id, "name": self.product.name, "default_branch": self.product.default_branch}
        body = yaml_definition(plan.name, repository=repository, yaml_path=plan.kind.yaml_path,
                               queue_id=int(queue.id))
        try:
            made = create_definition(self.azure_devops, self.product.project_id, body)
        except _PERHAPS_DONE as error:
            made = self._read_back(plan, error)
        return int(made["id"])

    def _read_back(self, plan: PipelinePlan, error: AzureDevOpsError) -> dict[str, object]:
        known = definitions_of_repository(self.azure_devops, self.product.project_id, self.product.id)
        found = next((one for one in known if yaml_path_of(one) == plan.kind.yaml_path), None)
        if found is None:
            raise error
        return found

    def _environment(self, plan: EnvironmentPlan) -> None:
        resource = plan.resource or self._created_environment(plan.name)
        self._environments[plan.name] = resource
        for change in plan.checks:
            self._check(resource, change)
        self.report.rows.append(environment_row(plan, resource.id, self.links))

    def _created_environment(self, name: str) -> Resource:
        description = f"Deployments of {self.product.name}, guarded by the pipeline library"
        try:
            made = create_environment(self.azure_devops, self.product.project_id, name, description)
        except _PERHAPS_DONE:
            known = environments_like(self.azure_devops, self.product.project_id, name)
            found = [one for one in known if str(one["name"]).casefold() == name.casefold()]
            if not found:
                raise
            made = found[0]
        return Resource("environment", str(made["id"]), str(made["name"]))

    def _check(self, resource: Resource, change: CheckChange) -> None:
        project = self.product.project_id
        if change.check is None:
            delete_check(self.azure_devops, project, change.number)
        elif change.number:
            body = {"id": change.number, **change.check.body(resource)}
            change_check(self.azure_devops, project, change.number, body)
        else:
            create_check(self.azure_devops, project, resource, change.check)

    def _permissions(self, plans: Sequence[PermissionPlan]) -> None:
        wanted = [(self._resource(plan), [self._numbers[name] for name in plan.pipelines])
                  for plan in plans if plan.pipelines]
        if wanted:
            authorise(self.azure_devops, self.product.project_id, wanted)
        self.report.rows += permission_rows(plans)

    def _resource(self, plan: PermissionPlan) -> Resource:
        if plan.kind == "environment":
            return self._environments[plan.name]
        return next(one for one in self.present.shared.resources() if (one.kind, one.name) == (plan.kind, plan.name))
