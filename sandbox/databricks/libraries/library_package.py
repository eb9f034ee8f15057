"""What a Libraries API entry installs: its kind, its package without version, and whether it is well formed."""
from __future__ import annotations

import json
import re
from typing import Any

from sandbox.databricks.catalogue import major_version
from sandbox.databricks.errors import ApiError, invalid, refuse

_KINDS = ("jar", "whl", "egg", "requirements", "pypi", "maven", "cran")
_FIRST_WITHOUT_SHARED = 7
_NAMES = {"pypi": "package", "cran": "package", "maven": "coordinates"}
_PYPI_NAME = re.compile(r"[A-Za-z0-9._-]+")


def check_entry(entry: dict[str, Any]) -> None:
    """Refuse an entry that is not exactly one kind, or names nothing."""
    kinds = [kind for kind in _KINDS if entry.get(kind)]
    if len(kinds) != 1:
        raise _not_one_kind(kinds)
    name = _NAMES.get(kinds[0])
    if name is not None and not entry[kinds[0]].get(name):
        refuse(f"Library {kinds[0]} has no {name}")


def entry_key(entry: dict[str, Any]) -> str:
    """Equal for equal entries, whatever the order of their keys."""
    return json.dumps(entry, sort_keys=True)


def package_of(entry: dict[str, Any]) -> tuple[str, str]:
    """Kind and name without version: two entries with the same cannot both be installed."""
    kind = next(kind for kind in _KINDS if entry.get(kind))
    text = entry[kind][_NAMES[kind]] if kind in _NAMES else entry[kind]
    if kind == "pypi":
        found = _PYPI_NAME.match(text.strip())
        return kind, re.sub(r"[-_.]+", "-", found[0]).lower() if found else text
    if kind == "maven":
        return kind, ":".join(text.split(":")[:2])
    return kind, text


def is_from_repository(entry: dict[str, Any]) -> bool:
    """Whether a repository must be asked for it; files are there already."""
    return any(entry.get(kind) for kind in _NAMES)


def runtime_refusal(entry: dict[str, Any], spark_version: str) -> str | None:
    """Why this runtime cannot install the entry; eggs ended with 14, requirements files came with 15."""
    major = major_version(spark_version)
    if entry.get("egg") and major >= 14:
        return f"Egg libraries are not supported on Databricks Runtime {major}"
    if entry.get("requirements") and 0 < major < 15:
        return f"requirements.txt files are not supported on Databricks Runtime {major}"
    return None


def skips_shared(spark_version: str) -> bool:
    """Whether this runtime passes over libraries that were set for all clusters, as those from 7 on do.

    https://databricks.github.io/sdk-js/api/variables/_databricks_sdk-clusterlibraries.v2.LibraryInstallStatus.html
    """
    return major_version(spark_version) >= _FIRST_WITHOUT_SHARED


def _not_one_kind(kinds: list[str]) -> ApiError:
    found = " and ".join(kinds) or "none"
    return invalid(f"A library must be exactly one of {', '.join(_KINDS)}; got {found}")
