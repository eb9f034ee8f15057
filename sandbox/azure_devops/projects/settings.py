"""The pipeline settings of a project that decide what a run's own token reaches, by their names in the REST API."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GeneralSettings:
    """Defaults are those of an organisation made today.

    https://learn.microsoft.com/rest/api/azure/devops/build/general-settings
    """

    auditEnforceSettableVar: bool = False  # noqa: N815 - the service's own names
    buildsEnabledForForks: bool = True  # noqa: N815
    disableClassicBuildPipelineCreation: bool = True  # noqa: N815
    disableClassicPipelineCreation: bool = True  # noqa: N815
    disableClassicReleasePipelineCreation: bool = True  # noqa: N815
    disableImpliedYAMLCiTrigger: bool = True  # noqa: N815
    enableShellTasksArgsSanitizing: bool = True  # noqa: N815
    enableShellTasksArgsSanitizingAudit: bool = False  # noqa: N815
    enforceJobAuthScope: bool = True  # noqa: N815
    enforceJobAuthScopeForForks: bool = True  # noqa: N815
    enforceJobAuthScopeForReleases: bool = True  # noqa: N815
    enforceNoAccessToSecretsFromForks: bool = True  # noqa: N815
    enforceReferencedRepoScopedToken: bool = True  # noqa: N815
    enforceSettableVar: bool = True  # noqa: N815
    forkProtectionEnabled: bool = True  # noqa: N815
    isCommentRequiredForPullRequest: bool = True  # noqa: N815
    publishPipelineMetadata: bool = False  # noqa: N815
    requireCommentsForNonTeamMembersOnly: bool = False  # noqa: N815
    requireCommentsForNonTeamMemberAndNonContributors: bool = False  # noqa: N815
    statusBadgesArePrivate: bool = True  # noqa: N815
