"""Carries out a plan: creates, edits, deletes; stops at the first failure, and tells what is done and what is not."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.access.access_control import Grant, request_body
from steps.lib.databricks.errors import BadRequest, DatabricksError, ResourceDoesNotExist
from steps.lib.errors import InputError, ServiceError, StepError
from steps.lib.findings import Finding
from steps.lib.http import side_by_side
from steps.lib.jobs.deployed.deployed_jobs import DeployedJob, State, deployed
from steps.lib.jobs.deployed.job_access import place_of_principal
from steps.lib.jobs.deployed.job_calls import JobCalls
from steps.lib.jobs.deployed.job_plan import Action, JobPlan, Orphan, Plan
from steps.lib.wording import summed

_PLANNED = {Action.CREATE: State.TO_BE_CREATED, Action.EDIT: State.TO_BE_EDITED, Action.UNCHANGED: State.UNCHANGED}
_DONE = {Action.CREATE: State.CREATED, Action.EDIT: State.EDITED, Action.UNCHANGED: State.UNCHANGED}
_NOTHING_ELSE = "nothing else was begun; correct it and run the pipeline again, it does the rest"


@dataclass(frozen=True)
class Applied:
    """`error` is None where all is done."""

    jobs: tuple[DeployedJob, ...]
    error: StepError | None = None


def planned(plan: Plan) -> list[DeployedJob]:
    """The jobs as they are before anything is done."""
    jobs = [deployed(one.job, _PLANNED[one.action], _id_of(one)) for one in plan.jobs]
    return [*jobs, *(_orphan(one, State.TO_BE_DELETED if one.is_deleted else State.ORPHANED) for one in plan.orphans)]


@dataclass(frozen=True)
class Application:
    """One plan on its way into a workspace. `repository` is the product's, `grants` the rights of every new job."""

    calls: JobCalls
    repository: str
    grants: Sequence[Grant]

    def run(self, plan: Plan) -> Applied:
        changing = plan.changing
        outcome = side_by_side.each(self._write, changing, careful=True)
        numbers = {one.job.name: number for number, one in enumerate(changing)}
        jobs = [self._state(one, numbers.get(one.job.name), outcome) for one in plan.jobs]
        if outcome.failed:
            orphans = [_orphan(one, State.NOT_TRIED if one.is_deleted else State.ORPHANED) for one in plan.orphans]
            errors = [(changing[number], error) for number, error in sorted(outcome.failed.items())]
            return Applied((*jobs, *orphans), self._stopped(errors, [*jobs, *orphans]))
        return self._without(plan.orphans, jobs)

    def _write(self, plan: JobPlan) -> int:
        body = plan.job.body
        if plan.found is None:
            agent.info(f"create job {plan.job.name}")
            return self.calls.create({**body, **request_body(self.grants)},
                                     plan.job.config.tags_for(self.repository))
        agent.info(f"edit job {plan.job.name} ({plan.found.job_id})")
        self.calls.reset(plan.found.job_id, body)
        return plan.found.job_id

    def _state(self, plan: JobPlan, number: int | None, outcome: side_by_side.Outcome[int]) -> DeployedJob:
        if number is None or number in outcome.done:
            job_id = _id_of(plan) if number is None else outcome.done[number]
            return deployed(plan.job, _DONE[plan.action], job_id)
        state = State.FAILED if number in outcome.failed else State.NOT_TRIED
        return deployed(plan.job, state, _id_of(plan))

    def _without(self, orphans: Sequence[Orphan], jobs: Sequence[DeployedJob]) -> Applied:
        """Last of all the jobs that are to go, one by one: a wrong name in a file must not cost a good job."""
        states = [_orphan(one, State.NOT_TRIED if one.is_deleted else State.ORPHANED) for one in orphans]
        for number, orphan in enumerate(orphans):
            if not orphan.is_deleted:
                continue
            try:
                states[number] = _orphan(orphan, self._delete(orphan))
            except StepError as error:
                states[number] = _orphan(orphan, State.FAILED)
                lines = [f"delete job {orphan.found.title}: {line}" for line in error.lines]
                stopped = _error([*lines, _counts([*jobs, *states])], is_input=error.exit_code == InputError.exit_code)
                return Applied((*jobs, *states), stopped)
        return Applied((*jobs, *states))

    def _delete(self, orphan: Orphan) -> State:
        if self.calls.is_running(orphan.found):
            agent.warning(f"job {orphan.found.title} is kept: a run of it is active; run the pipeline again later")
            return State.ORPHANED
        agent.info(f"delete job {orphan.found.title}")
        self.calls.delete(orphan.found)
        return State.DELETED

    def _stopped(self, errors: Sequence[tuple[JobPlan, StepError]], jobs: Sequence[DeployedJob]) -> StepError:
        lines = [line for plan, error in errors for line in self._lines(plan, error)]
        is_input = all(error.exit_code == InputError.exit_code or self._refused(error) for _, error in errors)
        return _error([*lines, _counts(jobs)], is_input=is_input)

    def _lines(self, plan: JobPlan, error: StepError) -> Iterator[str]:
        refused = self._refused(error)
        if refused is None:
            yield from (f"job {plan.job.name}: {line}" for line in error.lines)
            return
        problem = f"the workspace does not take job {plan.job.name!r}: {refused.message!r}; correct what it names"
        place = place_of_principal(refused.message, self.grants)
        if place:
            yield str(Finding(place.file, place.line, problem=f"{problem}, or let an admin add the principal"))
        else:
            yield str(plan.job.config.view.finding((), problem))

    def _refused(self, error: StepError) -> DatabricksError | None:
        """`error` where it is about what the files say: a value, or a principal that the workspace does not know."""
        if isinstance(error, BadRequest):
            return error
        is_principal = isinstance(error, ResourceDoesNotExist) and place_of_principal(error.message, self.grants)
        return error if isinstance(error, DatabricksError) and is_principal else None


def _error(lines: Sequence[str], *, is_input: bool) -> StepError:
    return InputError(lines) if is_input else ServiceError(*lines)


def _counts(jobs: Sequence[DeployedJob]) -> str:
    """`jobs: 6 done, 1 failed, 13 not tried`."""
    def number(*states: State) -> int:
        return sum(job.state in states for job in jobs)

    counts: Mapping[str, int] = {
        "done": number(State.CREATED, State.EDITED, State.DELETED), "failed": number(State.FAILED),
        "not tried": number(State.NOT_TRIED), "unchanged": number(State.UNCHANGED)}
    return f"jobs: {summed(counts)}; {_NOTHING_ELSE}"


def _id_of(plan: JobPlan) -> int | None:
    return plan.found.job_id if plan.found else None


def _orphan(orphan: Orphan, state: State) -> DeployedJob:
    return DeployedJob(orphan.found.name, str((orphan.found.settings.get("tags") or {}).get("job", "")), state,
                       orphan.found.job_id)
