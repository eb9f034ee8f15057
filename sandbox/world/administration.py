"""What the administrators of the embedded organisation did before anybody else came: people, queues, permissions.

`python -m setup.bootstrap --plan` against it has nothing to say; a test holds that.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.azure_devops.git.bare_repository import File
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.library import AgentQueue, Pipeline, VariableGroup, resource_of
from sandbox.azure_devops.security import namespaces
from sandbox.azure_devops.security.defaults import ADMINISTRATORS, CONTRIBUTORS
from sandbox.entra.tenant import AppRegistration
from sandbox.pipelines.request import Identity, Variable
from sandbox.world.guards import guard, of_environment, of_set_up
from sandbox.world.people import BEN, EVERYONE, PLATFORM, SETUP_PRINCIPAL
from sandbox.world.project_files import release_tag
from sandbox.world.team_files import ENVIRONMENTS, approvers_in

if TYPE_CHECKING:
    from sandbox.world.world import World

CICD = "cicd"
SET_UP_PIPELINE = "Set up product repository"
_SET_UP_YAML = "setup/pipeline_setup.yml"
_QUEUE = "Azure Pipelines"
_MAIN = "refs/heads/main"


def admit_people(world: World, files: Mapping[str, File]) -> None:
    """Everyone signs in with a token; approvers whom a team file names are there, too."""
    organisation = world.organisation
    for identity in EVERYONE:
        organisation.accounts.add(identity, world.credentials.token(f"azure_devops/{identity.email}"))
        group_name = ADMINISTRATORS if identity is PLATFORM else CONTRIBUTORS
        _join(world, organisation.directory.add_user(identity), f"[{organisation.home.name}]\\{group_name}")
    for name in approvers_in(files):
        if "@" in name:
            organisation.directory.add_user(Identity(name, name))
        else:
            group = organisation.directory.add_group(f"[TEAM FOUNDATION]\\{name}")
            for person in (BEN, PLATFORM):
                organisation.directory.join(organisation.directory.of(person), group)


def prepare_project(world: World) -> None:
    """The queue of agents, the variable groups, and the pipeline that sets repositories up."""
    project = world.organisation.home
    if not project.library.queues:
        queue = project.library.put_queue(AgentQueue(_QUEUE))
        project.library.permissions.open(project.id, resource_of(queue))
    library = f"{project.name}/{CICD}"
    for name in ENVIRONMENTS:
        group = _put_group(world, name, world.principals[name])
        guard(world.organisation, project, group, of_environment(name, library, _releases(world)))
    group = _put_group(world, "setup", world.principals["setup"])
    guard(world.organisation, project, group, of_set_up(_MAIN))
    known = {one.name: one.id for one in project.library.pipelines}
    pipeline = project.library.put_pipeline(
        Pipeline(known.get(SET_UP_PIPELINE, 0), SET_UP_PIPELINE, CICD, _SET_UP_YAML))
    for resource in [resource_of(group), *map(resource_of, project.library.queues)]:
        project.library.authorise(pipeline, resource)


def admit_set_up_principal(world: World) -> None:
    """A member of the organisation with exactly the permissions that a set-up needs."""
    organisation, project = world.organisation, world.organisation.home
    member = organisation.directory.add_service_principal(SETUP_PRINCIPAL, "brickline-setup")
    cicd = project.repositories.record(CICD)
    assert cicd is not None  # noqa: S101 - published before
    needs: list[tuple[namespaces.Namespace, str, int]] = [
        (namespaces.PROJECT, namespaces.project_token(project.id), 1),
        (namespaces.GIT, namespaces.repository_token(project.id), 2 | 4 | 16 | 16384),
        (namespaces.GIT, namespaces.repository_token(project.id, cicd.id), 2 | 8192),
        (namespaces.BUILD, namespaces.build_token(project.id), 1 | 1024 | 2048 | 32768 | 16384),
        (namespaces.ENVIRONMENT, namespaces.environment_token(project.id), 1 | 32),
        *((namespaces.QUEUES, namespaces.queue_token(project.id, queue.id), 1 | 8 | 16)
          for queue in project.library.queues),
        *((namespaces.LIBRARY, namespaces.library_token(project.id, project.library.groups[f"brickline-{name}"].id),
           1 | 2 | 16) for name in ENVIRONMENTS),
    ]
    for namespace, token, allow in needs:
        organisation.access.grant(namespace, token, member, allow=allow)


def admit_deployers(world: World) -> None:
    """The principals of the environments are members: workspaces read the code of products in their name."""
    organisation, project = world.organisation, world.organisation.home
    for name in ENVIRONMENTS:
        client_id = world.principals[name].client_id
        member = organisation.directory.add_service_principal(client_id, f"brickline-{name}")
        organisation.access.grant(namespaces.PROJECT, namespaces.project_token(project.id), member, allow=1)
        organisation.access.grant(namespaces.GIT, namespaces.repository_token(project.id), member, allow=2)


def let_clean_up(world: World, product: str) -> None:
    """Merged branches of a product are deleted by the principal of `local`: below `feature/`, and nowhere else."""
    organisation, project = world.organisation, world.organisation.home
    record = project.repositories.record(product)
    member = organisation.directory.find(world.principals["local"].client_id)
    assert record is not None  # noqa: S101 - made before
    assert member is not None  # noqa: S101 - admitted before
    token = namespaces.repository_token(project.id, record.id, "refs/heads/feature")
    organisation.access.grant(namespaces.GIT, token, member, allow=8)


def _put_group(world: World, name: str, principal: AppRegistration) -> VariableGroup:
    return world.organisation.home.library.put_group(VariableGroup(
        f"brickline-{name}", {
            "entraTenantId": Variable(world.tenant.tenant_id),
            "entraClientId": Variable(principal.client_id),
            "entraClientSecret": Variable(principal.client_secret, secret=True),
            **({"entraAuthority": Variable(world.authority)} if name == "setup" else {}),
        }, description=f"Who the pipeline library is in {name}"))


def _releases(world: World) -> list[str]:
    """The newest first."""
    tags = [ref for ref in world.organisation.home.repositories[CICD].refs() if ref.startswith("refs/tags/v")]
    newest = f"refs/tags/{release_tag()}"
    return [newest, *sorted((tag for tag in tags if tag != newest), reverse=True)]


def _join(world: World, member: Member, group_name: str) -> None:
    directory = world.organisation.directory
    group = directory.find(group_name)
    assert group is not None  # noqa: S101 - made with the project
    directory.join(member, group)
