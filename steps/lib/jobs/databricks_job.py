"""The exact body for jobs/create of each job: the product's values, the team's locks, and what convention computes.

`generate_cluster_config` writes the clusters of jobs and `generate_libraries` their libraries. Both come before the
shared cluster has its id, so that only the step that creates and edits jobs can put the bodies together, with this.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from steps.lib.cluster.config import CONVENTION
from steps.lib.config.generated_files import JOBS_FOLDER
from steps.lib.config.locks import Request, fill, requests_of
from steps.lib.config.provenance import Origin, SetValue, by_path, nested
from steps.lib.findings import Finding
from steps.lib.jobs.job_config import JOB_TAGS, JobConfig, job_configs
from steps.lib.jobs.job_deployment import JobDeployment
from steps.lib.jobs.task_values import task_values
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document

MOST_TAGS = 25
_SENT_AS_WRITTEN = ("schedule", "timeout_seconds", "max_concurrent_runs", "email_notifications")
# The template says here what holds for every task and cluster, not what they are.
_PER_TASK = ("tasks", "job_clusters")
_OTHER_STARTERS = ("continuous", "trigger")
_CRON: JsonPath = ("schedule", "quartz_cron_expression")
_RESERVED = f"set by convention, expected no entry for {', '.join(JOB_TAGS)}; remove it"


@dataclass(frozen=True)
class DatabricksJob:
    """One job as it shall be. `values` say who set what; with `findings` the body is not to be sent."""

    config: JobConfig
    name: str
    values: tuple[SetValue, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def body(self) -> dict[str, Json]:
        """The body for jobs/create, version 2.1 and later."""
        return nested(self.values)

    @property
    def file(self) -> str:
        """Where the body is kept among the generated files; names are made of harmless characters."""
        return f"{JOBS_FOLDER}/{self.name}.json"


def databricks_jobs(document: Document, deployment: JobDeployment) -> list[DatabricksJob]:
    """Every job of `jobs_config.json` in the environment of `deployment`."""
    return [databricks_job(config, deployment) for config in job_configs(document, deployment.environment)]


def databricks_job(config: JobConfig, deployment: JobDeployment) -> DatabricksJob:
    template = deployment.template
    filled = fill(template, [*_as_written(config), *_parameters(config)])
    of_tasks, task_findings = task_values(config, deployment)
    values = [item for item in filled.values if item.path[0] not in _PER_TASK]
    values = [*_with_conventions(config, deployment, values), *of_tasks]
    findings = [*filled.findings, *task_findings, *_start_findings(config, filled.values),
                *_tag_findings(config, template, values)]
    return DatabricksJob(config, config.name_for(deployment.repository), tuple(values), tuple(sorted(findings)))


def _as_written(config: JobConfig) -> list[Request]:
    return [request for key in _SENT_AS_WRITTEN if config.view.get((key,)) is not None
            for request in requests_of(config.view.part((key,), (key,)), ()) if request.value is not None]


def _parameters(config: JobConfig) -> list[Request]:
    written = config.view.object(("parameters",))
    rows: list[Json] = [{"name": name, "default": value} for name, value in written.items()]
    origin = Origin(config.view.file, config.view.line(("parameters",)))
    return [Request(("parameters",), rows, origin, lambda problem: config.view.finding(("parameters",), problem))
            ] if rows else []


def _with_conventions(config: JobConfig, deployment: JobDeployment, values: Sequence[SetValue]) -> list[SetValue]:
    wanted: list[tuple[JsonPath, Json]] = [(("name",), config.name_for(deployment.repository))]
    wanted += [(("tags", key), value) for key, value in config.tags_for(deployment.repository).items()]
    known = by_path(values)
    if deployment.run_as and not any(path[0] == "run_as" for path in known):
        wanted.append((("run_as", "service_principal_name"), deployment.run_as))
    if _CRON in known:
        wanted.append((("schedule", "pause_status"), "UNPAUSED"))
    # What a team locks of a schedule counts for jobs that have one.
    kept = [item for item in values if item.path[0] != "schedule" or _CRON in known or len(item.path) == 1]
    kept = [item for item in kept if not _is_reserved(item.path)]
    added = [SetValue(path, value, CONVENTION) for path, value in wanted if path not in known or _is_reserved(path)]
    return _told_the_environment([*kept, *added], deployment)


def _told_the_environment(values: Sequence[SetValue], deployment: JobDeployment) -> list[SetValue]:
    """With the job parameter `environment`, so that a notebook knows which values of environment_config.json count."""
    template = deployment.template.object(())
    if "parameters" not in template or template["parameters"] is not None:
        return list(values)
    told: Json = {"name": "environment", "default": deployment.environment.value}
    written = by_path(values).get(("parameters",), SetValue(("parameters",), [], CONVENTION))
    rows = written.value if isinstance(written.value, list) else []
    if any(isinstance(row, dict) and row.get("name") == "environment" for row in rows):
        return list(values)
    others = [item for item in values if item.path != ("parameters",)]
    return [*others, replace(written, value=[*rows, told])]


def _is_reserved(path: JsonPath) -> bool:
    return path[0] == "tags" and len(path) > 1 and str(path[1]).casefold() in JOB_TAGS


def _start_findings(config: JobConfig, values: Sequence[SetValue]) -> list[Finding]:
    """A schedule of the product that has not all it needs, or not the right to be there."""
    known, place = by_path(values), ("schedule",)
    written = config.view.get(place)
    others = [item for item in values if item.path[0] in _OTHER_STARTERS]
    problems = []
    if others and written is not None:
        other = f"{others[0].path[0]!r} of {others[0].origin}"
        problems.append(f"cannot stand beside {other}, expected one way to start the job; remove it")
    if isinstance(written, dict):
        problems += [f"{key!r} is missing; add it, or set 'schedule' to null"
                     for key in ("quartz_cron_expression", "timezone_id") if (*place, key) not in known]
    return [config.view.finding(place, problem) for problem in problems]


def _tag_findings(config: JobConfig, template: Document, values: Sequence[SetValue]) -> list[Finding]:
    findings = [template.finding(("tags", key), _RESERVED) for key in template.object(("tags",))
                if _is_reserved(("tags", key))]
    tags = sum(item.path[0] == "tags" for item in values)
    if tags > MOST_TAGS:
        findings.append(config.view.finding((), f"{tags} tags with those of the team, expected at most {MOST_TAGS}"))
    return findings
