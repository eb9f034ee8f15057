"""Tries the jobs that were just deployed: runs those that ask for it, and fails where a task of them fails.

Reads: PIPELINE_TYPE, TARGET_ENVIRONMENT, PRODUCT_DIRECTORY, TEAMS_DIRECTORY, GENERATED_DIRECTORY, REPOSITORY_NAME,
    DRY_RUN, RUN_ID, SOURCE_COMMIT, REQUESTED_FOR and the credential of the environment; deployed_jobs.json of the
    generated files.
Sets: testResults, the folder of the JUnit files, where there was something to run; deploymentRecord, the path of the
    record; with DRY_RUN changes, always 0.
Changes: nothing that lasts; runs of the jobs with the parameters of their smoke_test.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.lib import agent
from steps.lib.clock import SYSTEM_CLOCK, Clock
from steps.lib.config.product import jobs_config
from steps.lib.databricks.connection import connect
from steps.lib.deployment.deployment import Deployment
from steps.lib.errors import InputError, ServiceError
from steps.lib.findings import Finding
from steps.lib.jobs.deployed.deployed_jobs import read_jobs
from steps.lib.jobs.job_config import JobConfig, job_configs
from steps.lib.jobs.smoke_test import smoke_test_of
from steps.lib.pipeline_type import PipelineType, work_for
from steps.lib.settings import Reader
from steps.lib.smoke.junit import write_junit
from steps.lib.smoke.smoke_result import JobResult, SmokeJob
from steps.lib.smoke.smoke_runs import SmokeRuns
from steps.lib.smoke.smoke_table import table
from steps.lib.wording import counted, cut, summed

STEP = "run_smoke_test"
_LONGEST_SHOWN = 300


@dataclass(frozen=True)
class Settings:
    pipeline_type: PipelineType
    product: Path
    repository: str
    deployment: Deployment

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        reader = Reader(environ)
        return cls(reader.choice("PIPELINE_TYPE", PipelineType), reader.path("PRODUCT_DIRECTORY"),
                   reader.text("REPOSITORY_NAME"), Deployment.read(reader))


def step(environ: Mapping[str, str], clock: Clock = SYSTEM_CLOCK) -> None:
    settings = Settings.from_environ(environ)
    work_for(settings.pipeline_type, {PipelineType.JOBS: of_jobs})(settings, environ, clock)


def of_jobs(settings: Settings, environ: Mapping[str, str], clock: Clock) -> None:
    deployment = settings.deployment
    jobs = wanted(settings)
    lines = plan_lines(jobs)
    deployment.show_plan(lines)
    with deployment.record(clock).entry(STEP, deployment.workspace.host, lines) as entry:
        if deployment.dry_run or not jobs:
            entry.result = deployment.planned(0) if deployment.dry_run else "nothing to run"
            return
        with connect(deployment.workspace, environ, clock) as databricks:
            results = SmokeRuns(databricks, clock).run(jobs)
        agent.set_output("testResults", str(write_junit(deployment.generated, results).resolve()))
        entry.section = table(results)
        _show(results)
        check(results)
        entry.result = "passed"


def wanted(settings: Settings) -> list[SmokeJob]:
    """The jobs that ask for a smoke test in this environment, each with its id in the workspace."""
    environment = settings.deployment.workspace.environment
    asked = [(config, test) for config in job_configs(jobs_config(settings.product), environment)
             if (test := smoke_test_of(config))]
    if not asked:
        return []
    ids = {job.name: job.job_id for job in read_jobs(settings.deployment.generated)}
    jobs = [SmokeJob(config, config.name_for(settings.repository), ids.get(config.name_for(settings.repository)), test)
            for config, test in asked]
    absent = [job for job in jobs if job.job_id is None]
    if absent and not settings.deployment.dry_run:
        raise InputError([_finding(job.config, f"job {job.name!r} is not deployed, expected it in the workspace; run "
                                               "create_or_edit_jobs before this step") for job in absent])
    return jobs


def plan_lines(jobs: Sequence[SmokeJob]) -> list[str]:
    """Indented: a run is no change that anybody has to approve."""
    if not jobs:
        return ["unchanged: no job asks for a smoke test in this environment (smoke_test of jobs_config.json)"]
    runs = [line for job in jobs for line in (
        f"  run {job.name!r}, at most {job.test.timeout_seconds} s",
        *([f"    only {', '.join(job.test.tasks)}"] if job.test.tasks else []),
        *(f"    {name}: {value}" for name, value in sorted(job.test.parameters.items())))]
    return [f"unchanged: {counted(len(jobs), 'job')} to try after the deployment", *runs]


def check(results: Sequence[JobResult]) -> None:
    """Raises what is wrong, each failure at the place that asks for the test and in the task's own words."""
    findings = [finding for result in results for finding in _findings(result)]
    if not findings:
        return
    if any(result.needs_an_edit for result in results):
        raise InputError(findings)
    raise ServiceError(*map(str, findings))


def _show(results: Sequence[JobResult]) -> None:
    for result in results:
        for task in result.tasks:
            if task.exit_value:
                agent.info(f"{result.job.name}: task {task.key!r} gave {cut(task.exit_value, _LONGEST_SHOWN)!r}")
    passed = sum(result.passed for result in results)
    agent.info(f"smoke tests of {counted(len(results), 'job')}: "
               + summed({"passed": passed, "failed": len(results) - passed}))


def _findings(result: JobResult) -> list[Finding]:
    link = f"; {result.url}" if result.url else ""
    problems = [f"task {task.key!r} of job {result.job.name!r} failed: {cut(task.error, _LONGEST_SHOWN)}; "
                f"{task.url or result.url}" for task in result.failed]
    problems += [f"the smoke test of job {result.job.name!r} failed: {result.problem}{link}"] if result.problem else []
    return [_finding(result.job.config, problem) for problem in problems]


def _finding(config: JobConfig, problem: str) -> Finding:
    return config.view.finding(("smoke_test",), problem)


if __name__ == "__main__":
    raise SystemExit(agent.run(step, os.environ))
