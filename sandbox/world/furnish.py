"""Fills a new world: people, principals, variable groups, the CI/CD repository and the product `churn`."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.projects.library import VariableGroup
from sandbox.azure_devops.security.defaults import ADMINISTRATORS, CONTRIBUTORS
from sandbox.pipelines.request import Identity, Variable
from sandbox.world.people import EVERYONE, GROUPS, PLATFORM
from sandbox.world.project_files import files_below, project_files, release_tag
from sandbox.world.team_files import ENVIRONMENTS, Named, Place, deployers_of, named_in, rewired

if TYPE_CHECKING:
    from sandbox.world.world import World

CICD = "cicd"
PRODUCT = "churn"
TEAM = "data_science"
LISTENER = "pipelines_definitions/pipeline_cluster.yml"
_MAIN = "refs/heads/main"
_AUTHOR = Author(PLATFORM.name, PLATFORM.email)


def furnish(world: World) -> None:
    """Everything that an administrator and the onboarding would have set up; what is there already is kept."""
    files = project_files(world.state.folder)
    named = named_in(files)
    deployers = deployers_of(files, TEAM)
    for name in ENVIRONMENTS:
        _add_people(world, name, named)
        _add_deployer(world, name, deployers[name])
    for identity in EVERYONE:
        _add_member(world, identity, ADMINISTRATORS if identity is PLATFORM else CONTRIBUTORS)
    hosts = world.databricks_hosts()
    publish_library(world, files, {name: Place(hosts[name], deployers[name]) for name in ENVIRONMENTS})
    add_product(world, PRODUCT, files)


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


def add_product(world: World, name: str, files: Mapping[str, File]) -> BareRepository:
    """A product repository as the onboarding leaves it, with its listener pipeline."""
    project = world.organisation.home
    repository = project.create_repository(name)
    if _MAIN not in repository.refs():
        _commit(repository, product_files(files, project.name), "Add the files of the pipeline library")
    listener = project.library.add_pipeline(f"{name}-cluster", name, LISTENER, frozenset({"brickline-local"}))
    project.library.authorise(listener, project.repository_resource(CICD))
    return repository


def product_files(files: Mapping[str, File], project: str) -> dict[str, File]:
    """`files_for_remote_repo/` with its placeholders filled."""
    values = {"project": project, "cicd_repository": CICD, "cicd_ref": f"refs/tags/{release_tag()}",
              "default_branch": "main", "team": TEAM}
    return {path: _filled(file, values) for path, file in files_below("files_for_remote_repo", dict(files)).items()}


def _add_member(world: World, identity: Identity, group_name: str) -> None:
    organisation = world.organisation
    organisation.accounts.add(identity, world.credentials.token(f"azure_devops/{identity.email}"))
    group = organisation.directory.find(f"[{organisation.home.name}]\\{group_name}")
    assert group is not None  # noqa: S101 - made with the project
    organisation.directory.join(organisation.directory.add_user(identity), group)


def _add_people(world: World, environment: str, named: Named) -> None:
    workspace = world.workspaces[environment]
    users = {email: workspace.add_user(email) for email in sorted(named.users)}
    users.update({identity.email: workspace.add_user(identity.email, identity.name) for identity in EVERYONE})
    for group in sorted(named.groups | set(GROUPS)):
        workspace.add_group(group, [users[identity.email] for identity in GROUPS.get(group, ())])
    for client_id in named.service_principals[environment]:
        workspace.add_service_principal(client_id, f"brickline-{environment}")


def _add_deployer(world: World, environment: str, client_id: str) -> None:
    """The principal that deploys to `environment`, and the variable group that holds its credential."""
    secret = world.credentials.token(f"entra/{client_id}")
    principal = world.tenant.register_application(f"brickline-{environment}", client_id=client_id, client_secret=secret)
    world.principals[environment] = principal
    world.organisation.home.library.put_group(VariableGroup(f"brickline-{environment}", {
        "entraTenantId": Variable(world.tenant.tenant_id),
        "entraClientId": Variable(principal.client_id),
        "entraClientSecret": Variable(principal.client_secret, secret=True),
    }))


def _commit(repository: BareRepository, files: Mapping[str, File], message: str) -> str:
    return repository.commit_files(_MAIN, files, message=message, author=_AUTHOR)


def _filled(file: File, values: Mapping[str, str]) -> File:
    content = file.content
    for name, value in values.items():
        content = content.replace(f"{{{{{name}}}}}".encode(), value.encode())
    return File(content, file.executable)
