"""Rules about what decides whether something runs, and from where: conditions, branch guards, references, env names.

Why: https://learn.microsoft.com/azure/devops/pipelines/security/templates
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sandbox.pipelines.lint.walk import Found, Place, places
from sandbox.pipelines.nodes import Mapping, Node, Scalar, Sequence
from sandbox.pipelines.variables import environment_name

_STATUS = re.compile(r"\b(succeeded|failed|succeededOrFailed|canceled|always)\s*\(|\.result\b|Agent\.JobStatus",
                     re.IGNORECASE)
_BRANCH_NAME = re.compile(r"Build\.SourceBranchName", re.IGNORECASE)
_BRANCH_COMPARED = re.compile(r"(?:eq|ne|in|notIn)\(\s*variables(?:\.|\[')Build\.SourceBranch(?:'\])?\s*,\s*'([^']*)'",
                              re.IGNORECASE)
_PINNED = re.compile(r"refs/tags/.+|[0-9a-fA-F]{40}|\{\{\w+\}\}")
_AGENT_NAMES = ("AGENT_", "BUILD_", "SYSTEM_", "PIPELINE_WORKSPACE", "ENVIRONMENT_NAME", "TF_BUILD")
# A secret is never exported, so that mapping it under its own name overrides nothing.
_MAPPED_SECRETS = frozenset({"SYSTEM_ACCESSTOKEN"})


def condition_without_status(document: Node) -> Found:
    for place in _conditions(document):
        if not _STATUS.search(place.text) and not place.text.strip().startswith("${{"):
            yield place.value.position, ("a condition replaces succeeded(), so this runs after a failure too; "
                                         "write 'and(succeeded(), …)'")


def branch_guard(document: Node) -> Found:
    for place in places(document):
        guards = [place.key] if place.name.startswith("${{") else []
        guards += [place.value] if place.name == "condition" and isinstance(place.value, Scalar) else []
        for guard in guards:
            partial = [ref for ref in _BRANCH_COMPARED.findall(guard.text) if not ref.startswith("refs/")]
            if _BRANCH_NAME.search(guard.text):
                yield guard.position, ("Build.SourceBranchName is the last segment only, so 'feature/main' passes for "
                                       "'main'; compare Build.SourceBranch with the full ref")
            elif partial:
                yield guard.position, (f"Build.SourceBranch is never {partial[0]!r}; "
                                       f"compare it with 'refs/heads/{partial[0]}'")


def unpinned_repository(document: Node) -> Found:
    for place in places(document):
        if place.name != "repositories" or not isinstance(place.value, Sequence):
            continue
        for item in place.value.items:
            ref = item.get("ref") if isinstance(item, Mapping) else None
            if not isinstance(ref, Scalar) or not _PINNED.fullmatch(ref.text):
                shown = repr(ref.text) if isinstance(ref, Scalar) else "no ref"
                yield (ref or item).position, (f"got {shown}, which moves under its users; "
                                               "pin 'refs/tags/<tag>' or a commit")


def overridden_env(document: Node, declared: Iterable[str]) -> Found:
    """`declared` are the names of all variables that the linted files declare: any of them may be in scope."""
    exported = {environment_name(name): name for name in declared}
    for place in places(document):
        if not place.above or place.above[-1] != "env":
            continue
        name = place.name.upper()
        if name in exported:
            yield place.key.position, (f"the agent exports the variable {exported[name]!r} as {place.name!r}, which "
                                       "wins over env:; choose another name")
        elif name.startswith(_AGENT_NAMES) and name not in _MAPPED_SECRETS:
            yield place.key.position, f"{place.name!r} is a name of the agent's, which wins over env:; choose another"


def declared_variables(document: Node) -> Iterator[str]:
    """The names that the document's own `variables:` declare, at every level."""
    for place in places(document):
        if place.name != "variables":
            continue
        if isinstance(place.value, Mapping):
            yield from (key.text for key, _ in place.value.entries)
        elif isinstance(place.value, Sequence):
            names = [item.get("name") for item in place.value.items if isinstance(item, Mapping)]
            yield from (name.text for name in names if isinstance(name, Scalar))


def _conditions(document: Node) -> Iterator[Place]:
    return (place for place in places(document) if place.name == "condition" and isinstance(place.value, Scalar))
