"""The libraries of a branch: the team's and the requested ones together, and what is wrong with them."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.cluster.runtime_key import version_of
from steps.lib.findings import Finding
from steps.lib.json_files.located_json import Document
from steps.lib.libraries.entries import Library, combine, libraries_of

TOP = ("libraries",)
_FIRST_WITHOUT_EGGS = (14, 0)
_FIRST_WITH_REQUIREMENTS = (15, 0)


@dataclass(frozen=True)
class Libraries:
    """Every library the cluster gets, the team's first, and every conflict between them."""

    chosen: tuple[Library, ...]
    findings: tuple[Finding, ...]


def cluster_libraries(product: Document, team: Document) -> Libraries:
    """Needs files their schemas accept."""
    chosen, findings = combine(libraries_of(team, ()), libraries_of(product, TOP))
    return Libraries(tuple(chosen), tuple(findings))


def runtime_findings(libraries: Libraries, key: str) -> list[Finding]:
    """Libraries of a type that the runtime `key` does not take."""
    version = version_of(key)
    if version is None:
        return []
    words = {"egg": "takes no eggs, expected a wheel" if version >= _FIRST_WITHOUT_EGGS else "",
             "requirements": "" if version >= _FIRST_WITH_REQUIREMENTS else "takes no requirements files before 15.0"}
    return sorted(library.document.finding(library.path, f"runtime {key!r} {words[library.kind]}")
                  for library in libraries.chosen if words.get(library.kind))
