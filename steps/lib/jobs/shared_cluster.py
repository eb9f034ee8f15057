"""The high-concurrency cluster of an environment: the product's cluster, open to many users at once.

Runtimes from 11.3 on have the standard (shared) access mode for that, older ones only the legacy profile.
https://docs.databricks.com/compute/access-mode-limitations.html
"""
from __future__ import annotations

from collections.abc import Sequence

from steps.lib.cluster.config import CONVENTION, ClusterConfig
from steps.lib.cluster.rules import at
from steps.lib.cluster.runtime_key import is_ml_key, version_of
from steps.lib.config.provenance import SetValue, by_path
from steps.lib.findings import Finding
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.run_clusters import ClusterFiles
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json
from steps.lib.json_files.located_json import Document
from steps.lib.wording import got

_FIRST_WITH_ACCESS_MODES = (11, 3)
_MODES = ("USER_ISOLATION", "DATA_SECURITY_MODE_STANDARD")
_PROFILE: JsonPath = ("spark_conf", "spark.databricks.cluster.profile")
_SHARING: tuple[tuple[JsonPath, Json], ...] = ((("data_security_mode",), _MODES[0]),)
_LEGACY_SHARING: tuple[tuple[JsonPath, Json], ...] = (
    (_PROFILE, "serverless"),
    (("spark_conf", "spark.databricks.repl.allowedLanguages"), "sql,python,r"),
    (("custom_tags", "ResourceClass"), "Serverless"),
)
_WAY_OUT = "change it, or give the jobs of jobs_config.json the cluster_type 'jobs'"


def shared_cluster(files: ClusterFiles) -> ClusterConfig:
    """What the product's cluster is and, where nobody has set it, what opens it to many users."""
    config = files.config()
    findings = _findings(files.product, config.values)
    known = by_path(config.values)
    runtime = known.get(("spark_version",))
    sharing = _LEGACY_SHARING if runtime and is_legacy(str(runtime.value)) else _SHARING
    added = [SetValue(path, value, CONVENTION) for path, value in sharing if path not in known and not findings]
    return ClusterConfig((*config.values, *added), tuple(sorted([*config.findings, *findings])))


def is_legacy(key: str) -> bool:
    """Whether the runtime `key` is too old for access modes."""
    version = version_of(key)
    return version is not None and version < _FIRST_WITH_ACCESS_MODES


def language_findings(job: JobConfig, key: str) -> list[Finding]:
    """Notebooks in R, which the standard access mode of the runtime `key` does not run."""
    if not job.is_high_concurrency or not key or is_legacy(key):
        return []
    problem = "R does not run on the high-concurrency cluster, expected another language; use cluster_type 'jobs'"
    return [job.view.finding((*place, "notebook"), problem) for place, task in job.tasks
            if str(task.get("notebook")).lower().endswith(".r")]


def _findings(product: Document, values: Sequence[SetValue]) -> list[Finding]:
    known = by_path(values)
    runtime, mode, profile = (known.get(path) for path in (("spark_version",), ("data_security_mode",), _PROFILE))
    key = str(runtime.value) if runtime else ""
    if mode is not None and mode.value not in _MODES:
        problem = f"got {got(mode.value)} for the high-concurrency cluster, expected {_MODES[0]!r}; {_WAY_OUT}"
        return [at(product, mode, problem)]
    if runtime is not None and mode is None and is_ml_key(key):
        problem = f"the ML runtime {key!r} cannot be shared by many users, expected one without ml; {_WAY_OUT}"
        return [at(product, runtime, problem)]
    if is_legacy(key) and profile is not None and profile.value != "serverless":
        place = known.get(("num_workers",), profile) if profile.origin == CONVENTION else profile
        problem = f"makes the profile {got(profile.value)}, expected one for many users, 'serverless'; {_WAY_OUT}"
        return [at(product, place, problem)]
    return []
