"""Looks at an organization, and says as tasks what of the pipeline library it has and what it lacks."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from setup.lib.bootstrap.advice import library_tasks, settings_tasks
from setup.lib.bootstrap.branch_deletion import deletion_tasks
from setup.lib.bootstrap.connections import Connection, connection_tasks
from setup.lib.bootstrap.grants import (
    Need,
    connection_need,
    deployer_needs,
    grant_tasks,
    group_need,
    library_needs,
    project_needs,
    queue_need,
)
from setup.lib.bootstrap.groups import Group, group_tasks
from setup.lib.bootstrap.guarded import Guarded
from setup.lib.bootstrap.inputs import CREDENTIALS, Credential, Inputs
from setup.lib.bootstrap.library_readers import reader_tasks
from setup.lib.bootstrap.set_up_pipeline import SetUpPipeline, pipeline_tasks
from setup.lib.bootstrap.tasks import Task
from setup.lib.pipelines.present import hosted_queue
from setup.lib.release import TAGS, Release, sorted_releases
from steps.lib.azure_devops.access_control import entry_of
from steps.lib.azure_devops.check_configurations import configurations
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.definitions import definitions_of_repository
from steps.lib.azure_devops.identities import identities
from steps.lib.azure_devops.library import agent_queues, variable_groups
from steps.lib.azure_devops.pipeline_permissions import authorised
from steps.lib.azure_devops.project_settings import branch_policies, general_settings
from steps.lib.azure_devops.repositories import PROJECTS, Repository, refs, repositories
from steps.lib.azure_devops.service_connections import service_connection
from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest


@dataclass(frozen=True)
class Site:
    """`projects` are the ids of all projects by the names that the inputs give them."""

    azure_devops: AzureDevOps
    inputs: Inputs
    cicd: Repository
    projects: dict[str, str]

    def tasks(self) -> list[Task]:
        """Everything, as it is now; the same again after it was carried out says what could not be planned before."""
        release = self._release()
        groups = [group for project in self.inputs.all_projects for group in self._groups(project)]
        return [*library_tasks(self.cicd, release.refs, self._policies()),
                *(task for project in self.inputs.all_projects for task in self._settings(project)),
                *(task for group in groups for task in group_tasks(group, release)),
                *(task for group in groups if group.credential.service_connection_id
                  for task in connection_tasks(self._connection(group), release)),
                *pipeline_tasks(self._pipeline(groups)), *self._readers(),
                *self._grants("setup", "set-up principal", self._needs(groups)),
                *(task for name in CREDENTIALS if name != "setup"
                  for task in self._grants(name, f"principal of {name}", self._deployer_needs())),
                *(task for group in groups if group.credential.name == "local"
                  for task in deletion_tasks(self.azure_devops, group))]

    def _release(self) -> Release:
        releases = tuple(sorted_releases(refs(self.azure_devops, self.cicd, TAGS)))
        return Release(self.cicd, releases[0] if releases else "", releases)

    def _policies(self) -> list[dict[str, object]]:
        branch = self.cicd.default_branch
        return branch_policies(self.azure_devops, self.cicd, branch) if branch else []

    def _settings(self, project: str) -> Iterator[Task]:
        return settings_tasks(project, general_settings(self.azure_devops, self.projects[project]))

    def _groups(self, project: str) -> list[Group]:
        known = {str(one["name"]).casefold(): one
                 for one in variable_groups(self.azure_devops, self.projects[project], "brickline-*")}
        return [self._group(project, credential, known.get(credential.group)) for credential
                in self.inputs.groups_of(project)]

    def _group(self, project: str, credential: Credential, document: dict[str, object] | None) -> Group:
        group = Group(self.projects[project], project, credential, document)
        if document is None:
            return group
        checks = configurations(self.azure_devops, group.project_id, group.resource)
        return Group(group.project_id, project, credential, document, checks,
                     authorised(self.azure_devops, group.project_id, group.resource))

    def _connection(self, group: Group) -> Connection:
        number = group.credential.service_connection_id
        bare = Connection(group.project, group.credential, None)
        if service_connection(self.azure_devops, group.project_id, number) is None:
            return bare
        resource = Resource("endpoint", number, group.credential.group)
        return replace(bare, guarded=Guarded(
            bare.thing, group.project_id, resource, configurations(self.azure_devops, group.project_id, resource),
            authorised(self.azure_devops, group.project_id, resource)))

    def _pipeline(self, groups: list[Group]) -> SetUpPipeline:
        project = self.cicd.project_id
        queue = hosted_queue(agent_queues(self.azure_devops, project))
        own = [group.resource for group in groups if group.credential.name == "setup" and group.document is not None]
        uses: list[Resource] = [*([queue] if queue else []), *own]
        return SetUpPipeline(self.cicd, definitions_of_repository(self.azure_devops, project, self.cicd.id), queue,
                             {one: authorised(self.azure_devops, project, one) for one in uses})

    def _grants(self, name: str, role: str, needs: list[Need]) -> Iterator[Task]:
        client_id = self.inputs.credentials[name].client_id
        found = identities(self.azure_devops, client_id)
        principal = found[0] if found else None
        entries = {need: entry_of(self.azure_devops, need.namespace, need.token, principal.descriptor)
                   for need in needs} if principal else {}
        return grant_tasks(principal, client_id, needs, entries, role=role)

    def _deployer_needs(self) -> list[Need]:
        return [need for name in self.inputs.projects for need in deployer_needs(self.projects[name], name)]

    def _readers(self) -> Iterator[Task]:
        for name in self.inputs.projects:
            if self.projects[name] != self.cicd.project_id:
                settings = general_settings(self.azure_devops, self.projects[name])
                yield from reader_tasks(self.azure_devops, self.cicd, name, settings)

    def _needs(self, groups: list[Group]) -> list[Need]:
        projects = [need for name in self.inputs.projects for need in project_needs(self.projects[name], name)]
        of_groups = [group_need(group.project_id, group.project, group.credential.group, int(group.document["id"]))
                     for group in groups if group.document is not None and group.credential.name != "setup"]
        connections = [connection_need(group.project_id, group.project, group.credential.service_connection_id)
                       for group in groups if group.credential.service_connection_id]
        everything = [*projects, *self._queue_needs(), *library_needs(self.cicd), *of_groups, *connections]
        return list({need.token: need for need in everything}.values())

    def _queue_needs(self) -> Iterator[Need]:
        for name in self.inputs.projects:
            queue = hosted_queue(agent_queues(self.azure_devops, self.projects[name]))
            if queue:
                yield queue_need(self.projects[name], name, queue.name, queue.id)


def open_site(azure_devops: AzureDevOps, inputs: Inputs) -> Site:
    """An InputError where a project or this library's repository is not there or hidden."""
    known = {str(row["name"]): str(row["id"]) for row in azure_devops.pages(PROJECTS, query={"$top": 1000})}
    by_name = {name.casefold(): number for name, number in known.items()}
    findings = [Finding(inputs.file, path="projects", problem=f"project {name!r} not found, or hidden, expected one of "
                        f"the organization{nearest(name, known)}")
                for name in inputs.all_projects if name.casefold() not in by_name]
    if findings:
        raise InputError(findings)
    projects = {name: by_name[name.casefold()] for name in inputs.all_projects}
    there = {one.name.casefold(): one for one in repositories(azure_devops, projects[inputs.cicd_project])}
    cicd = there.get(inputs.cicd_repository.casefold())
    if cicd is None:
        problem = (f"repository {inputs.cicd_repository!r} not found in project {inputs.cicd_project!r}, expected this "
                   f"library there{nearest(inputs.cicd_repository, there)}; import or push it first")
        raise InputError([Finding(inputs.file, path="cicd.repository", problem=problem)])
    return Site(azure_devops, inputs, cicd, projects)

