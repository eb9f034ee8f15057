"""What the service refuses in the settings of a job, tasks aside. Pure: settings in, an `ApiError` or nothing out."""
from __future__ import annotations

import re
import zoneinfo
from functools import cache

from sandbox.databricks.clusters.cluster_rules import TAG_KEY_FORBIDDEN
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.jobs import quartz
from sandbox.databricks.jobs.compute_rules import check_job_clusters
from sandbox.databricks.jobs.environment_rules import check_environments
from sandbox.databricks.jobs.job import FLAT_FIELDS, FLAT_TASKS, Settings
from sandbox.databricks.jobs.task_rules import check_compute, check_tasks, check_work
from sandbox.databricks.repos.providers import PROVIDERS

_NAME_BYTES = 4096
_DESCRIPTION = 27_700
_TAGS = 25
_CONCURRENT_RUNS = 1000
_WEBHOOKS = 3
_PARAMETER_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_OFFSET = re.compile(r"GMT[+-]\d{1,2}(:?[0-5]\d)?")


def check_settings(settings: Settings, *, serverless: bool) -> None:
    """`serverless` is whether the workspace runs tasks that name no compute."""
    for rule in (_texts, _numbers, _tags, _triggers, _git_source, _parameters, check_environments, _webhooks):
        rule(settings)
    flat = [name for name in FLAT_FIELDS if name in settings]
    if flat and "tasks" not in settings:
        _check_flat(settings)
    else:
        keys = check_job_clusters(settings.get("job_clusters", []))
        check_tasks(settings.get("tasks", []), job_cluster_keys=keys, serverless=serverless,
                    from_git="git_source" in settings)


def check_parameter_name(name: str) -> None:
    """What a job parameter may be called, where it is declared and where a run is given it."""
    if not _PARAMETER_NAME.fullmatch(name):
        refuse(f"Job parameter name {name!r} may hold only letters, digits, '_', '-' and '.'")


def _check_flat(settings: Settings) -> None:
    if settings.get("job_clusters"):
        refuse("Shared job cluster feature is only supported in multi-task jobs.")
    if not {"existing_cluster_id", "new_cluster"} & settings.keys():
        refuse("Either new_cluster or existing_cluster_id must be specified.")
    check_work(settings, FLAT_TASKS, from_git="git_source" in settings)
    check_compute(settings, job_cluster_keys=set(), serverless=False)


def _texts(settings: Settings) -> None:
    if len(settings.get("name", "").encode()) > _NAME_BYTES:
        refuse(f"name: at most {_NAME_BYTES} bytes are allowed")
    if len(settings.get("description", "")) > _DESCRIPTION:
        refuse(f"description: at most {_DESCRIPTION} characters are allowed")


def _numbers(settings: Settings) -> None:
    if not 0 <= settings.get("max_concurrent_runs", 1) <= _CONCURRENT_RUNS:
        refuse(f"max_concurrent_runs must be between 0 and {_CONCURRENT_RUNS}, got {settings['max_concurrent_runs']}")
    if settings.get("timeout_seconds", 0) < 0:
        refuse(f"timeout_seconds must not be negative, got {settings['timeout_seconds']}")
    if "queue" in settings and "enabled" not in settings["queue"]:
        refuse_missing("settings.queue.enabled")


def _tags(settings: Settings) -> None:
    """Tags become tags of the job's clusters, so their rules hold, too."""
    tags = settings.get("tags", {})
    if len(tags) > _TAGS:
        refuse(f"tags: at most {_TAGS} tags are allowed, got {len(tags)}")
    for key, value in tags.items():
        if not 1 <= len(key) <= 512 or TAG_KEY_FORBIDDEN.search(key) or len(value) > 256:
            refuse(f"tags: the tag {key!r} cannot be forwarded to a cluster")


def _triggers(settings: Settings) -> None:
    named = [name for name in ("schedule", "continuous", "trigger") if name in settings]
    if len(named) > 1:
        refuse(f"Only one of schedule, continuous and trigger may be specified, got {' and '.join(named)}")
    if "schedule" in settings:
        _schedule(settings["schedule"])


def _schedule(schedule: Settings) -> None:
    for name in ("quartz_cron_expression", "timezone_id"):
        if not schedule.get(name):
            refuse_missing(f"settings.schedule.{name}")
    try:
        quartz.parse(schedule["quartz_cron_expression"])
    except ValueError as error:
        refuse(f"Invalid quartz_cron_expression {schedule['quartz_cron_expression']!r}: {error}")
    zone = schedule["timezone_id"]
    if zone not in _zones() and not _OFFSET.fullmatch(zone):
        refuse(f"Invalid timezone_id {zone!r}.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) | {"UTC", "GMT"}


def _git_source(settings: Settings) -> None:
    if "git_source" not in settings:
        return
    source = settings["git_source"]
    for name in ("git_url", "git_provider"):
        if not source.get(name):
            refuse_missing(f"settings.git_source.{name}")
    if source["git_provider"].lower() not in {provider.lower() for provider in PROVIDERS}:
        refuse(f"Invalid git_provider {source['git_provider']}; valid are {', '.join(p.lower() for p in PROVIDERS)}")
    named = [name for name in ("git_branch", "git_tag", "git_commit") if source.get(name)]
    if len(named) != 1:
        refuse("Exactly one of git_branch, git_tag and git_commit must be specified in git_source")


def _parameters(settings: Settings) -> None:
    names = [parameter.get("name", "") for parameter in settings.get("parameters", [])]
    for name in names:
        check_parameter_name(name)
    if len(set(names)) < len(names):
        refuse("Job parameter names must be unique")


def _webhooks(settings: Settings) -> None:
    for event, hooks in settings.get("webhook_notifications", {}).items():
        if len(hooks) > _WEBHOOKS:
            refuse(f"webhook_notifications.{event}: at most {_WEBHOOKS} destinations are allowed")
