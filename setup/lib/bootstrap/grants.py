"""The permissions that the principals of the pipelines need, on what, and which of them they lack. Pure."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from setup.lib.bootstrap.tasks import Grant, Task
from steps.lib.azure_devops.access_control import BUILD, ENDPOINTS, ENVIRONMENT, GIT, LIBRARY, PROJECT, QUEUE, Entry
from steps.lib.azure_devops.identities import Identity
from steps.lib.azure_devops.repositories import Repository


@dataclass(frozen=True, eq=False)
class Need:
    """`permissions` are bits by the name that the security page of `where` shows."""

    where: str
    namespace: str
    token: str
    permissions: Mapping[str, int]

    @property
    def bits(self) -> int:
        return sum(self.permissions.values())


def project_needs(project_id: str, project: str) -> list[Need]:
    """In a project whose repositories are set up: read and write them, make pipelines and environments."""
    return [
        _project_need(project_id, project),
        Need(f"repositories of {project}", GIT, f"repoV2/{project_id}",
             {"Read": 2, "Contribute": 4, "Create branch": 16, "Contribute to pull requests": 16384}),
        Need(f"pipelines of {project}", BUILD, project_id,
             {"View builds": 1, "View build pipeline": 1024, "Edit build pipeline": 2048,
              "Create build pipeline": 32768, "Administer build permissions": 16384}),
        Need(f"environments of {project}", ENVIRONMENT, f"Environments/{project_id}", {"View": 1, "Create": 32}),
    ]


def deployer_needs(project_id: str, project: str) -> list[Need]:
    """Of the principal of an environment: the workspace signs in as it to read the code of products."""
    return [_project_need(project_id, project),
            Need(f"repositories of {project}", GIT, f"repoV2/{project_id}", {"Read": 2})]


def library_needs(cicd: Repository) -> list[Need]:
    """On this library's repository: read it, and let pipelines of other projects read it."""
    token = f"repoV2/{cicd.project_id}/{cicd.id}"
    return [_project_need(cicd.project_id, cicd.project),
            Need(f"repository {cicd.project}/{cicd.name}", GIT, token, {"Read": 2, "Manage permissions": 8192})]


def _project_need(project_id: str, project: str) -> Need:
    return Need(f"project {project}", PROJECT, f"$PROJECT:vstfs:///Classification/TeamProject/{project_id}",
                {"View project-level information": 1})


def group_need(project_id: str, project: str, name: str, number: int) -> Need:
    """On a variable group: to let pipelines in, one by one. Its secrets cannot be read back by anyone."""
    return Need(f"variable group {name} of {project}", LIBRARY, f"Library/{project_id}/VariableGroup/{number}",
                {"View": 1, "Administer": 2, "Use": 16})


def queue_need(project_id: str, project: str, name: str, number: str) -> Need:
    """On the queue of agents that new pipelines get: see it, and let them use it."""
    return Need(f"agent pool {name} of {project}", QUEUE, f"AgentQueues/{project_id}/{number}",
                {"View": 1, "Administer permissions": 8, "Use": 16})


def connection_need(project_id: str, project: str, number: str) -> Need:
    """On a service connection: to let pipelines use it, one by one."""
    return Need(f"service connection {number} of {project}", ENDPOINTS, f"endpoints/{project_id}/{number}",
                {"Use": 1, "Administer": 2, "View": 16})


def grant_tasks(principal: Identity | None, client_id: str, needs: Sequence[Need],
                entries: Mapping[Need, Entry], *, role: str = "set-up principal") -> Iterator[Task]:
    """`role` is what people call the principal while its name is not known."""
    if principal is None:
        by_hand = ("add it: Organization settings > Users > Add users > its application id, access level Basic; then "
                   "run bootstrap again")
        yield Task(f"{role} {client_id}", "is no member of the organization", by_hand=by_hand)
        return
    for need in needs:
        yield _grant_task(principal, need, entries.get(need, Entry()))


def _grant_task(principal: Identity, need: Need, entry: Entry) -> Task:
    thing = f"permissions of {principal.display_name} on {need.where}"
    denied = [name for name, bit in need.permissions.items() if entry.deny & bit]
    if denied:
        return Task(thing, f"{', '.join(denied)} denied",
                    by_hand=f"take the deny away on the security page of {need.where}")
    missing = {name: bit for name, bit in need.permissions.items() if not entry.allow & bit}
    if not missing:
        return Task(thing, "as needed")
    action = Grant(need.namespace, need.token, principal.descriptor, sum(missing.values()))
    return Task(thing, f"lacks {', '.join(missing)}", "grant them", action=action)
