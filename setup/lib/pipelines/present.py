"""What Azure DevOps has of a product already: read side by side, before anything is planned."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from setup.lib.pipelines.editing import contributors_of, is_closed
from setup.lib.pipelines.wanted import GROUP_PREFIX, KINDS, environment_name
from setup.lib.product_repository import ProductRepository
from setup.lib.release import Release
from steps.lib.azure_devops.check_configurations import configurations
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.definitions import definitions_named, definitions_of_repository, yaml_path_of
from steps.lib.azure_devops.environments import environments_like
from steps.lib.azure_devops.identities import Identity
from steps.lib.azure_devops.library import agent_queues, connection_of, variable_groups
from steps.lib.azure_devops.pipeline_permissions import Authorised, authorised

_AT_ONCE = 6
_PATHS = frozenset(kind.yaml_path for kind in KINDS)
_Document = dict[str, Any]


@dataclass(frozen=True)
class Shared:
    """What the products of one project use together: variable groups, the queue of agents, this library's repository.

    `groups` are by name in lower case.
    """

    groups: Mapping[str, _Document]
    queue: Resource | None
    library: Resource
    authorised: Mapping[Resource, Authorised] = field(default_factory=dict)
    contributors: Identity | None = None

    def group(self, name: str) -> Resource | None:
        found = self.groups.get(name.casefold())
        return Resource("variablegroup", str(found["id"]), str(found["name"])) if found else None

    def connection(self, name: str) -> Resource | None:
        """The service connection that the group `name` signs in with, under the group's name; None where none."""
        number = connection_of(self.groups.get(name.casefold()) or {})
        return Resource("endpoint", number, name) if number else None

    def resources(self) -> list[Resource]:
        names = group_names()
        found = [*map(self.group, names), *map(self.connection, names), self.queue, self.library]
        return [one for one in found if one]


@dataclass(frozen=True)
class Present:
    """`definitions` are those of the repository, `namesakes` those of any repository that have a wanted name.

    Environments are by name in lower case, checks by the environment's id; `authorised` by environment, `closed` by
    the number of a pipeline: whether contributors are kept from editing it.
    """

    shared: Shared
    definitions: Sequence[_Document] = ()
    namesakes: Sequence[_Document] = ()
    environments: Mapping[str, _Document] = field(default_factory=dict)
    checks: Mapping[str, Sequence[_Document]] = field(default_factory=dict)
    authorised: Mapping[Resource, Authorised] = field(default_factory=dict)
    closed: Mapping[int, bool] = field(default_factory=dict)

    def environment(self, name: str) -> Resource | None:
        found = self.environments.get(name.casefold())
        return Resource("environment", str(found["id"]), str(found["name"])) if found else None

    def users_of(self, resource: Resource) -> Authorised:
        """Who may use an environment or a shared resource."""
        known = self.authorised.get(resource) or self.shared.authorised.get(resource)
        return known or Authorised(frozenset())


def read_shared(azure_devops: AzureDevOps, product: ProductRepository, release: Release) -> Shared:
    """What is shared in the project of `product`."""
    project = product.project_id
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        contributors = pool.submit(contributors_of, azure_devops, product.project)
        groups = pool.submit(variable_groups, azure_devops, project, f"{GROUP_PREFIX}*")
        queues = pool.submit(agent_queues, azure_devops, project)
        first = Shared(_by_name(groups.result()), hosted_queue(queues.result()), library_resource(release))
        reads = {one: pool.submit(authorised, azure_devops, project, one) for one in first.resources()}
        return replace(first, authorised={one: read.result() for one, read in reads.items()},
                       contributors=contributors.result())


def read_present(azure_devops: AzureDevOps, product: ProductRepository, shared: Shared) -> Present:
    """Two rounds of reads: first what there is by name, then the checks and permissions of what was found."""
    project = product.project_id
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        definitions = pool.submit(definitions_of_repository, azure_devops, project, product.id)
        names = [kind.pipeline_name(product.name) for kind in KINDS]
        namesakes = [pool.submit(definitions_named, azure_devops, project, name) for name in names]
        environments = pool.submit(environments_like, azure_devops, project, product.name)
        first = Present(shared, definitions.result(), [one for read in namesakes for one in read.result()],
                        _by_name(environments.result()))
        found = [one for one in map(first.environment, _environment_names(product.name)) if one]
        checks = {one.id: pool.submit(configurations, azure_devops, project, one) for one in found}
        users = {one: pool.submit(authorised, azure_devops, project, one) for one in found}
        group = shared.contributors
        closed = {int(one["id"]): pool.submit(is_closed, azure_devops, one, project, group)
                  for one in first.definitions if group and yaml_path_of(one) in _PATHS}
        return replace(first, checks={key: read.result() for key, read in checks.items()},
                       closed={number: read.result() for number, read in closed.items()},
                       authorised={key: read.result() for key, read in users.items()})


def group_names() -> list[str]:
    """Of every variable group that pipelines of a product use, each once."""
    return list(dict.fromkeys(name for kind in KINDS for name in kind.groups))


def library_resource(release: Release) -> Resource:
    repository = release.repository
    return Resource("repository", f"{repository.project_id}.{repository.id}", repository.name)


def _environment_names(product: str) -> list[str]:
    return [environment_name(product, one) for kind in KINDS if kind.promotes for one in kind.environments]


def _by_name(rows: Sequence[_Document]) -> dict[str, _Document]:
    return {str(row["name"]).casefold(): row for row in rows}


def hosted_queue(queues: Sequence[Mapping[str, Any]]) -> Resource | None:
    """Microsoft's own pool if the project has its queue, else the first one there is."""
    ranked = sorted(queues, key=lambda one: (one.get("name") != "Azure Pipelines",
                                             not (one.get("pool") or {}).get("isHosted"), int(one["id"])))
    return Resource("queue", str(ranked[0]["id"]), str(ranked[0]["name"])) if ranked else None
