"""Lets pipelines of other projects read this library: their runs have an identity of their project alone.

https://learn.microsoft.com/azure/devops/pipelines/process/access-tokens#configure-permissions-for-a-project-to-access-another-project-in-the-same-project-collection
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from setup.lib.bootstrap.grants import Need, grant_tasks, library_needs
from setup.lib.bootstrap.tasks import Task
from steps.lib.azure_devops.access_control import entry_of
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.identities import identities
from steps.lib.azure_devops.repositories import Repository

# Runs of a project without it are of the whole organization, which reads every project.
OWN_PROJECT_ONLY = "enforceJobAuthScope"


def reader_tasks(azure_devops: AzureDevOps, cicd: Repository, project: str,
                 settings: Mapping[str, object]) -> Iterator[Task]:
    """For `project`, which is not that of the library and has these pipeline settings."""
    if not settings.get(OWN_PROJECT_ONLY):
        return
    name = build_service(project, azure_devops.url)
    found = identities(azure_devops, name)
    if not found:
        by_hand = f"start any pipeline of project {project} once, which may fail; then run bootstrap again"
        yield Task(f"permissions of {name} on repository {cicd.project}/{cicd.name}",
                   "cannot be granted before its first run", by_hand=by_hand)
        return
    needs = [_to_read(need) for need in library_needs(cicd)]
    entries = {need: entry_of(azure_devops, need.namespace, need.token, found[0].descriptor) for need in needs}
    yield from grant_tasks(found[0], name, needs, entries)


def build_service(project: str, organization_url: str) -> str:
    """The name of the identity that runs of `project` have: `analytics Build Service (contoso)`."""
    address = urlsplit(organization_url)
    organization = address.path.strip("/").rpartition("/")[2] or (address.hostname or "").partition(".")[0]
    return f"{project} Build Service ({organization})"


def _to_read(need: Need) -> Need:
    """Without what only the set-up needs."""
    return Need(need.where, need.namespace, need.token,
                {name: bit for name, bit in need.permissions.items() if name != "Manage permissions"})
