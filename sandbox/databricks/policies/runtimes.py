"""The runtimes that a policy names by what they are: `auto:latest-lts-ml`.

https://learn.microsoft.com/en-us/azure/databricks/admin/clusters/policy-definition#spark-version
"""
from __future__ import annotations

from collections.abc import Iterator

from sandbox.databricks.catalogue import spark_versions

_MARK = "auto:latest"


def resolved_runtime(spark_version: str) -> str:
    """The newest runtime of that kind; any other key as it is."""
    if not spark_version.startswith(_MARK):
        return spark_version
    wanted = set(spark_version.removeprefix(_MARK).split("-")) - {""}
    return next(_fitting(wanted), spark_version)


def _fitting(wanted: set[str]) -> Iterator[str]:
    """Newest first; `lts`, `ml`, `gpu` and `photon` are either wanted or unwanted, but a newest may be an LTS."""
    for key, name in spark_versions().items():
        parts = set(key.split("-")) & {"ml", "gpu", "photon", "aarch64"}
        has = parts | ({"lts"} if "LTS" in name else set())
        if "Beta" not in name and wanted <= has and parts <= wanted:
            yield key
