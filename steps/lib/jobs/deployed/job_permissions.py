"""Compares the rights on each job with what they shall be, and sets those that differ."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.access.access_control import Grant, request_body
from steps.lib.access.permission_difference import GrantChange, differences, granted, requested
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import BadRequest, DatabricksError, ResourceDoesNotExist
from steps.lib.deployment.approved_plans import TO_BE_CREATED
from steps.lib.errors import InputError, ServiceError, StepError
from steps.lib.findings import Finding
from steps.lib.http import side_by_side
from steps.lib.jobs.deployed.deployed_jobs import DeployedJob
from steps.lib.jobs.deployed.job_access import place_of_principal
from steps.lib.wording import summed

PERMISSIONS = "/api/2.0/permissions/jobs/"


@dataclass(frozen=True)
class PermissionPlan:
    """`begins_with` is the list that a job gets when it is created; a dry run knows such jobs."""

    job: DeployedJob
    changes: tuple[GrantChange, ...]
    begins_with: tuple[GrantChange, ...] = ()

    @property
    def lines(self) -> list[str]:
        if self.begins_with:
            return [f"unchanged: permissions of job {self.job.name} ({TO_BE_CREATED}), which begins with",
                    *(f"  {change}" for change in self.begins_with)]
        action = "edit" if self.changes else "unchanged"
        return [f"{action}: permissions of job {self.job.name} ({self.job.job_id})",
                *(f"  {change}" for change in self.changes)]


class JobPermissions:
    """`grants` is what every job of the product gets, exactly."""

    def __init__(self, databricks: Databricks, grants: Sequence[Grant]) -> None:
        self._databricks = databricks
        self._grants = grants
        self._body = request_body(grants)
        self._desired = requested({one.kind: one.name, "permission_level": one.level} for one in grants)

    def plan(self, jobs: Sequence[DeployedJob]) -> list[PermissionPlan]:
        return side_by_side.each(self._compared, jobs).results()

    def apply(self, plans: Sequence[PermissionPlan]) -> None:
        """Stops at the first failure; the error then says what is done and what is not."""
        outcome = side_by_side.each(self._set, plans, careful=True)
        if not outcome.failed:
            return
        lines = [line for number, error in sorted(outcome.failed.items())
                 for line in self._lines(plans[number].job, error)]
        tried = len(outcome.done) + len(outcome.failed)
        counts = summed({"done": len(outcome.done), "failed": len(outcome.failed), "not tried": len(plans) - tried})
        lines.append(f"permissions of jobs: {counts}; correct it and run the pipeline again, it does the rest")
        is_input = all(self._is_refused(error) for error in outcome.failed.values())
        raise InputError(lines) if is_input else ServiceError(*lines)

    def _compared(self, job: DeployedJob) -> PermissionPlan:
        if job.job_id is None:
            return PermissionPlan(job, (), tuple(differences(self._desired, {})))
        answer = self._databricks.get(f"{PERMISSIONS}{job.job_id}")
        return PermissionPlan(job, tuple(differences(self._desired, granted(answer, inherited=False))))

    def _set(self, plan: PermissionPlan) -> None:
        agent.info(f"set the access control list of job {plan.job.name} ({plan.job.job_id})")
        # The answer is the list as it is now; reading it again could show an older one.
        answer = self._databricks.put(f"{PERMISSIONS}{plan.job.job_id}", self._body)
        left = differences(self._desired, granted(answer, inherited=False))
        if left:
            message = (f"the workspace took the access control list and shows another one; left to do: "
                       f"{'; '.join(map(str, left))}; run the pipeline again")
            raise ServiceError(message)

    def _lines(self, job: DeployedJob, error: StepError) -> Iterator[str]:
        place = place_of_principal(error.message, self._grants) if isinstance(error, DatabricksError) else None
        if place is None or not self._is_refused(error):
            yield from (f"job {job.name}: {line}" for line in error.lines)
            return
        problem = (f"the workspace does not take it on job {job.name!r}: {error}; correct the entry, or let an admin "
                   "add the principal")
        yield str(Finding(place.file, place.line, problem=problem))

    def _is_refused(self, error: StepError) -> bool:
        if isinstance(error, ResourceDoesNotExist):
            return place_of_principal(error.message, self._grants) is not None
        return isinstance(error, BadRequest)
