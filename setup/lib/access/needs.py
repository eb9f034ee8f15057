"""The permissions that setting up one product takes, and how a person grants each. Pure."""
from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from setup.lib.product_repository import ProductRepository
from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.access_control import BUILD, ENDPOINTS, ENVIRONMENT, GIT, LIBRARY, QUEUE, branch_token
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.own_identity import OwnIdentity
from steps.lib.azure_devops.repositories import Repository
from steps.lib.findings import Finding
from steps.lib.wording import names


@dataclass(frozen=True)
class Need:
    """`permissions` are bits by the name on the security page that `page` leads to; `reason` ends 'to …'."""

    where: str
    reason: str
    namespace: str
    token: str
    permissions: Mapping[str, int]
    page: str

    @property
    def bits(self) -> int:
        return sum(self.permissions.values())


def copy_needs(product: ProductRepository) -> list[Need]:
    """On the product's repository and on its default branch, where a permission may be taken away by itself."""
    where, page = _repository(product.repository)
    token = f"repoV2/{product.project_id}/{product.id}"
    on_all = Need(where, "to copy files", GIT, token,
                  {"Contribute": 4, "Create branch": 16, "Contribute to pull requests": 16384}, page)
    if product.is_empty:
        return [on_all]
    branch = Need(f"branch {product.branch_name!r} of {where}", "to copy files", GIT,
                  branch_token(product.project_id, product.id, product.default_branch), {"Contribute": 4},
                  f"Repos > Branches > {product.branch_name} > More options > Branch security")
    return [on_all, branch]


def pipeline_needs(product: ProductRepository) -> list[Need]:
    """In the product's project: pipelines and environments are made there."""
    project = product.project
    return [
        Need(f"the pipelines of project {project!r}", "to create pipelines", BUILD, product.project_id,
             {"View build pipeline": 1024, "Edit build pipeline": 2048, "Create build pipeline": 32768,
              "Administer build permissions": 16384},
             "Pipelines > All > More actions > Manage security"),
        Need(f"the environments of project {project!r}", "to create environments", ENVIRONMENT,
             f"Environments/{product.project_id}", {"View": 1, "Create": 32},
             "Pipelines > Environments > More actions > Security > role Creator"),
    ]


def library_need(cicd: Repository) -> Need:
    """On this library's repository: products' pipelines are let in one by one."""
    where, page = _repository(cicd)
    return Need(where, "to let the product's pipelines read it", GIT, f"repoV2/{cicd.project_id}/{cicd.id}",
                {"Manage permissions": 8192}, page)


def group_need(product: ProductRepository, name: str, number: int) -> Need:
    return Need(f"variable group {name!r} of project {product.project!r}", "to let the product's pipelines use it",
                LIBRARY, f"Library/{product.project_id}/VariableGroup/{number}", {"Administer": 2},
                f"Pipelines > Library > {name} > Security > role Administrator")


def connection_need(product: ProductRepository, group: str, number: str) -> Need:
    return Need(f"service connection of {group!r} in project {product.project!r}",
                "to let the product's pipelines use it", ENDPOINTS, f"endpoints/{product.project_id}/{number}",
                {"Administer": 2}, "Project settings > Service connections > its page > Security > role Administrator")


def queue_need(product: ProductRepository, queue: Resource) -> Need:
    """On the queue of agents, where it is not open to every pipeline anyway."""
    return Need(f"agent pool {queue.name!r} of project {product.project!r}", "to let the product's pipelines use it",
                QUEUE, f"AgentQueues/{product.project_id}/{queue.id}", {"Administer permissions": 8},
                f"Project settings > Agent pools > {queue.name} > Security > role Administrator")


def lacking(need: Need, permissions: Sequence[str], identity: OwnIdentity, organization_url: str) -> Finding:
    """The whole of it for an administrator: who lacks which of its permissions, and two ways to grant them."""
    bits = sum(need.permissions[one] for one in permissions)
    command = shlex.join(["az", "devops", "security", "permission", "update", "--organization", organization_url,
                          "--namespace-id", need.namespace, "--subject", identity.descriptor, "--token", need.token,
                          "--allow-bit", str(bits)])
    problem = (f"identity {identity} lacks {names(permissions)} on {need.where}, needed {need.reason}; "
               f"allow that in {need.page} > {identity.display_name}, or with: {command}")
    return Finding("permission", problem=problem)


def unseen(project: str, repository: str, identity: OwnIdentity) -> Finding:
    """For a repository or project that is not found: the service does not tell hidden from missing."""
    page = f"Project settings > Repositories > {repository} > Security > {identity.display_name}"
    problem = (f"if {f'{project}/{repository}'!r} is there, identity {identity} lacks 'Read' on it or is no member of "
               f"project {project!r}; grant it in {page}, and add it to the group in Project settings > Permissions > "
               "Readers")
    return Finding("permission", problem=problem)


def out_of_scope(settings: SetupSettings, identity: OwnIdentity) -> Finding:
    """For a token that is good elsewhere and refused here: that of a job, cut down to what its pipeline names."""
    problem = (f"identity {identity} is known, but its token does not reach {settings.product!r}, as that of a "
               "pipeline's job does not under the usual settings of a project; sign in to Entra instead, as the "
               "variable group brickline-setup says")
    return Finding("credential", problem=problem)


def _repository(repository: Repository) -> tuple[str, str]:
    return (f"repository {repository.project}/{repository.name}",
            f"Project settings > Repositories > {repository.name} > Security")
