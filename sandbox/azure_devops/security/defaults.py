"""The groups a new project starts with, and what they may do.

https://learn.microsoft.com/azure/devops/organizations/security/permissions-access
"""
from __future__ import annotations

from sandbox.azure_devops.identities.directory import Directory
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.namespaces import Namespace

ADMINISTRATORS, BUILD_ADMINISTRATORS = "Project Administrators", "Build Administrators"
CONTRIBUTORS, READERS = "Contributors", "Readers"

_READ = {namespaces.GIT: ("GenericRead",), namespaces.BUILD: ("ViewBuilds", "ViewBuildDefinition"),
         namespaces.LIBRARY: ("View",), namespaces.ENVIRONMENT: ("View",), namespaces.ENDPOINTS: ("ViewEndpoint",),
         namespaces.QUEUES: ("View",),
         namespaces.PROJECT: ("GENERIC_READ",)}
_BUILD = ("QueueBuilds", "StopBuilds", "EditBuildDefinition", "CreateBuildDefinition", "DeleteBuildDefinition",
          "EditPipelineQueueConfigurationPermission", "EditBuildQuality")
_WRITE = ("GenericContribute", "CreateBranch", "CreateTag", "ManageNote", "PullRequestContribute")
_CONTRIBUTE = {namespaces.GIT: _WRITE, namespaces.BUILD: _BUILD, namespaces.LIBRARY: ("Create",),
               namespaces.ENVIRONMENT: ("Create",)}
# "Force push" and the two ways around policies are nobody's until somebody gives them:
# https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions
_NOBODYS = ("ForcePush", "PolicyExempt", "PullRequestBypassPolicy")
_DISCUSS: dict[Namespace, tuple[str, ...]] = {namespaces.GIT: ("PullRequestContribute",)}
# Whoever may read may also use what is open to a whole project; the rest is granted on the object.
_BY_GROUP: dict[str, tuple[dict[Namespace, tuple[str, ...]], ...]] = {
    READERS: (_READ, _DISCUSS),
    CONTRIBUTORS: (_READ, _CONTRIBUTE),
    BUILD_ADMINISTRATORS: (_READ, _CONTRIBUTE, {namespaces.BUILD: ("AdministerBuildPermissions",)}),
    ADMINISTRATORS: tuple({one: tuple(bit for bit in one.bits if bit not in _NOBODYS)}
                          for one in namespaces.NAMESPACES.values()),
}


def found_groups(project: Project, directory: Directory, access: AccessLists) -> None:
    """Add the groups of `project` with their permissions on all of it; nothing is changed where they are there."""
    for name, tables in _BY_GROUP.items():
        if directory.find(f"[{project.name}]\\{name}"):
            continue
        group = directory.add_group(name, project.id, project.name)
        for table in tables:
            for namespace, permissions in table.items():
                allow = sum(namespace.bits[permission] for permission in permissions)
                access.grant(namespace, token_of(namespace, project), group, allow=allow)


def token_of(namespace: Namespace, project: Project) -> str:
    """The token of all of `project` in `namespace`."""
    tokens = {
        namespaces.GIT.id: namespaces.repository_token(project.id),
        namespaces.BUILD.id: namespaces.build_token(project.id),
        namespaces.LIBRARY.id: namespaces.library_token(project.id),
        namespaces.ENVIRONMENT.id: namespaces.environment_token(project.id),
        namespaces.ENDPOINTS.id: namespaces.endpoint_token(project.id),
        namespaces.QUEUES.id: namespaces.queue_token(project.id),
        namespaces.PROJECT.id: namespaces.project_token(project.id),
    }
    return tokens[namespace.id]
