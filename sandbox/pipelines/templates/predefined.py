"""Predefined variables that exist when templates are expanded; all others are empty then.

https://learn.microsoft.com/azure/devops/pipelines/build/variables, column "Available in templates?".
"""
from __future__ import annotations

from collections.abc import Mapping

AVAILABLE = frozenset(
    name.casefold()
    for name in (
        "Build.DefinitionName", "Build.DefinitionVersion", "Build.QueuedBy", "Build.QueuedById", "Build.Reason",
        "Build.RequestedFor", "Build.RequestedForEmail", "Build.RequestedForId", "Build.SourceBranch",
        "Build.SourceBranchName", "Build.SourceVersion", "Build.CronSchedule.DisplayName", "System.CollectionId",
        "System.CollectionUri", "System.TeamFoundationCollectionUri", "System.DefinitionId", "System.HostType",
        "System.PullRequest.IsFork", "System.StageName", "System.TeamProject", "System.TeamProjectId",
    )
)


def available(predefined: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in predefined.items() if name.casefold() in AVAILABLE}
