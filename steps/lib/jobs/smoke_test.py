"""How a job is tried after it was deployed, before the next environment is touched. Never sent to the Jobs API."""
from __future__ import annotations

from dataclasses import dataclass, field

from steps.lib.jobs.job_config import JobConfig

_TOP = "smoke_test"
SECONDS_UNTIL_CANCELLED = 3600


@dataclass(frozen=True)
class SmokeTest:
    """`parameters` replace those of the job by name; empty `tasks` means all of them."""

    parameters: dict[str, str] = field(default_factory=dict)
    timeout_seconds: int = SECONDS_UNTIL_CANCELLED
    tasks: tuple[str, ...] = ()


def smoke_test_of(job: JobConfig) -> SmokeTest | None:
    """None where the job asks for no smoke test in this environment."""
    if job.view.get((_TOP,)) is None:
        return None
    limit = job.view.get((_TOP, "timeout_seconds"))
    return SmokeTest(
        parameters={name: str(value) for name, value in job.view.object((_TOP, "parameters")).items()},
        timeout_seconds=limit if isinstance(limit, int) else SECONDS_UNTIL_CANCELLED,
        tasks=tuple(str(key) for key in job.view.list((_TOP, "tasks"))))
