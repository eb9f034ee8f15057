"""Puts what the steps of a job have planned before whoever is asked to approve it.

Reads: PLAN_NAME, the environment or whatever else is planned; GENERATED_DIRECTORY with the plans that the steps left in
    it; JOB_ATTEMPT.
Sets: artifact, the name under which the plans are published; changes, how many wait; digest, of all the plans.
Changes: nothing; adds a section to the summary page of the run.
"""
from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.deployment.record import SUMMARY_DIRECTORY
from steps.lib.deployment.step_plan import PLANS_FOLDER, StepPlan, read_plans
from steps.lib.errors import InputError
from steps.lib.markdown import code
from steps.lib.settings import Reader
from steps.lib.wording import counted

STEP = "present_plan"


@dataclass(frozen=True)
class Settings:
    name: str
    generated: Path
    attempt: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        settings = cls(reader.text("PLAN_NAME"), reader.path("GENERATED_DIRECTORY"), reader.text("JOB_ATTEMPT"))
        reader.check()
        return settings


def digest_of(plans: Sequence[StepPlan]) -> str:
    """SHA-256 over the digests of the plans, in hexadecimal."""
    return hashlib.sha256("\n".join(sorted(plan.digest for plan in plans)).encode()).hexdigest()


def page(name: str, plans: Sequence[StepPlan]) -> list[str]:
    """Markdown: how many changes each step has, and which."""
    total = counted(sum(plan.changes for plan in plans), "change")
    rows = [f"| {code(plan.step)} | {plan.changes} | {'<br>'.join(_first_lines(plan))} |" for plan in plans]
    return [f"## Plan for {name}: {total}", "",
            f"Digest {code(digest_of(plans)[:16])}. The deployment applies exactly this, or refuses.", "",
            "| step | changes | what |", "|---|---|---|", *rows, ""]


def step(environ: Mapping[str, str]) -> None:
    settings = Settings.from_environ(environ)
    plans = read_plans(settings.generated / PLANS_FOLDER)
    if not plans:
        message = (f"{settings.generated.name}/{PLANS_FOLDER}: has no plan, expected one of each step; "
                   "run the steps with DRY_RUN before this")
        raise InputError([message])
    path = settings.generated / SUMMARY_DIRECTORY / f"{STEP}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(page(settings.name, plans)), encoding="utf-8")
    agent.upload_summary(str(path.resolve()))
    changes = sum(plan.changes for plan in plans)
    for name, value in {"artifact": f"plan_{settings.name}_{settings.attempt}", "changes": str(changes),
                        "digest": digest_of(plans)}.items():
        agent.set_output(name, value)
    agent.info(f"plan for {settings.name}: {counted(changes, 'change')} in {counted(len(plans), 'step')}")


def _first_lines(plan: StepPlan) -> list[str]:
    """The lines of things, without the details below them. A bar would end the cell, even in code."""
    return [code(line.replace("|", "/")) for line in plan.lines if not line.startswith(" ")]


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
