"""The identities of runs, and what they may do before anybody grants them more.

https://learn.microsoft.com/azure/devops/pipelines/process/access-tokens: one of the organisation reads every project,
one of a project reads that project alone; to write, either needs a grant.
"""
from __future__ import annotations

from sandbox.azure_devops.identities.directory import Directory, Member
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.defaults import token_of

_DEFAULTS = {
    namespaces.PROJECT: ("GENERIC_READ",),
    namespaces.GIT: ("GenericRead", "CreateTag", "ManageNote"),
    namespaces.BUILD: ("ViewBuilds", "EditBuildQuality", "ManageBuildQualities", "UpdateBuildInformation",
                       "ViewBuildDefinition", "OverrideBuildCheckInValidation"),
    namespaces.LIBRARY: ("View",),
    namespaces.ENVIRONMENT: ("View",),
}


class BuildIdentities:
    def __init__(self, organisation: str, organisation_id: str, directory: Directory, access: AccessLists) -> None:
        self._organisation = organisation
        self._id = organisation_id
        self._directory = directory
        self._access = access

    def of(self, project: Project | None) -> Member:
        """The identity of the runs of `project` alone, or of the whole organisation where that is None."""
        name = project.name if project else "Project Collection"
        shown = f"{name} Build Service ({self._organisation})"
        scope = project.id if project else ""
        member = self._directory.add_build_service(scope or self._id, shown, scope)
        if project:
            self._let_read(member, project)
        return member

    def found(self, project: Project) -> None:
        """Let the identity of the organisation into a new project."""
        self._let_read(self.of(None), project)

    def _let_read(self, member: Member, project: Project) -> None:
        """Once: what somebody takes away later stays away."""
        known = self._access.get(namespaces.PROJECT, token_of(namespaces.PROJECT, project))
        if member.descriptor in known.entries:
            return
        for namespace, permissions in _DEFAULTS.items():
            allow = sum(namespace.bits[permission] for permission in permissions)
            self._access.grant(namespace, token_of(namespace, project), member, allow=allow)
