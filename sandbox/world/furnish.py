"""Fills a new world: people, principals, variable groups, the CI/CD repository and a product that is still empty."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.projects.library import resource_of
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.world.administration import (
    CICD,
    admit_deployers,
    admit_people,
    admit_set_up_principal,
    let_clean_up,
    prepare_project,
)
from sandbox.world.people import EVERYONE, GROUPS, PLATFORM, SETUP_PRINCIPAL
from sandbox.world.project_files import project_files, release_tag
from sandbox.world.team_files import ENVIRONMENTS, Named, Place, deployers_of, named_in, rewired

if TYPE_CHECKING:
    from sandbox.world.world import World

PRODUCT = "churn"
TEAM = "data_science"
LISTENER = "pipelines_definitions/pipeline_cluster.yml"
_MAIN = "refs/heads/main"
_AUTHOR = Author(PLATFORM.name, PLATFORM.email)


def furnish(world: World) -> None:
    """Everything that administrators would have done; what is there already is kept."""
    files = project_files(world.state.folder)
    named = named_in(files)
    deployers = deployers_of(files, TEAM)
    for name in ENVIRONMENTS:
        _add_people(world, name, named)
        _register(world, name, deployers[name])
        _open_workspace(world, name, deployers[name])
    _register(world, "setup", SETUP_PRINCIPAL)
    hosts = world.databricks_hosts()
    publish_library(world, files, {name: Place(hosts[name], deployers[name]) for name in ENVIRONMENTS})
    admit_people(world, files)
    prepare_project(world)
    admit_set_up_principal(world)
    admit_deployers(world)
    world.organisation.home.create_repository(PRODUCT)
    let_clean_up(world, PRODUCT)


def publish_library(world: World, files: Mapping[str, File], places: Mapping[str, Place]) -> None:
    """Commit this project, then the sandbox's addresses on top, and let the release tag point there.

    Where neither has changed since the sandbox was last up, the repository stays as it is.
    """
    repository = world.organisation.home.create_repository(CICD)
    before = repository.refs().get(_MAIN)
    _commit(repository, files, "Release the pipeline library")
    here = rewired(files, places, world.authority)
    release = _commit(repository, here, "Point the teams to the workspaces of the sandbox")
    if before and repository.tree(before) == repository.tree(release):
        release = before
    repository.point(_MAIN, release)
    repository.point(f"refs/tags/{release_tag()}", release)


def is_set_up(world: World) -> bool:
    """Whether the set-up pipeline has been through with the product: what its pipelines may use comes last."""
    project = world.organisation.home
    library = project.library
    group = resource_of(library.groups["brickline-local"])
    return any(one.yaml_path == LISTENER and library.permissions.allows(project.id, group, one.id)
               for one in library.of_repository(PRODUCT))


def _add_people(world: World, environment: str, named: Named) -> None:
    """Who was removed by hand stays away."""
    workspace = world.workspaces[environment]
    people = {identity.email: identity.name for identity in EVERYONE}
    for email in sorted(named.users | people.keys()):
        if workspace.is_first(f"user {email}"):
            workspace.add_user(email, people.get(email, ""))
    for group in sorted(named.groups | set(GROUPS)):
        if workspace.is_first(f"group {group}"):
            workspace.add_group(group, [workspace.add_user(identity.email) for identity in GROUPS.get(group, ())])
    for client_id in named.service_principals[environment]:
        if workspace.is_first(f"service principal {client_id}"):
            workspace.add_service_principal(client_id, f"brickline-{environment}")


def _open_workspace(world: World, environment: str, deployer: str) -> None:
    """Jobs really run; code goes to a folder that only an admin can make, and that the deployer manages."""
    workspace = world.workspaces[environment]
    workspace.state.runner = LocalRunner(workspace.state)
    principal = workspace.add_service_principal(deployer, f"brickline-{environment}")
    if environment != "local":
        workspace.add_folder(f"/Repos/{environment}", principal)


def _register(world: World, name: str, client_id: str) -> None:
    """The service principal of one variable group, in the tenant."""
    secret = world.credentials.token(f"entra/{client_id}")
    world.principals[name] = world.tenant.register_application(f"brickline-{name}", client_id=client_id,
                                                               client_secret=secret)


def _commit(repository: BareRepository, files: Mapping[str, File], message: str) -> str:
    return repository.commit_files(_MAIN, files, message=message, author=_AUTHOR)
