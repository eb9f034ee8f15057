"""Finds the approvers that a team file names: the service takes their storage keys only."""
from __future__ import annotations

from setup.lib.pipelines.team_environments import Approver, TeamEnvironments
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.identities import Identity, identities
from steps.lib.errors import InputError
from steps.lib.findings import Finding
from steps.lib.wording import names


def storage_keys(azure_devops: AzureDevOps, environments: TeamEnvironments) -> dict[str, str]:
    """Keys by name in lower case; an InputError with all who are unknown, or whom a name does not tell apart."""
    keys: dict[str, str] = {}
    findings = []
    for approver in environments.approvers():
        found = identities(azure_devops, approver.name)
        if len(found) == 1:
            keys[approver.name.casefold()] = found[0].id
        else:
            findings.append(_problem(environments.file, approver, found))
    if findings:
        raise InputError(findings)
    return keys


def _problem(file: str, approver: Approver, found: list[Identity]) -> Finding:
    if found:
        several = names(one.display_name for one in found)
        problem = f"may be any of {several}, expected one; write the whole name as it stands there"
    else:
        problem = ("is not known in the organization, expected a person's e-mail address or a group's name; correct "
                   "it, or add them in Organization settings > Users or Groups")
    return Finding(file, approver.line, problem=f"approver {approver.name!r} {problem}")
